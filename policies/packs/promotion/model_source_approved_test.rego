package muniment.promotion.model_source_approved_test

import data.muniment.promotion.model_source_approved
import rego.v1

test_an_approved_provider_passes if {
	model_source_approved.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
				},
			},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
		"parameters": {"providers": ["Open Models"]},
	}
}

test_the_case_of_letters_does_not_matter if {
	model_source_approved.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
				},
			},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
		"parameters": {"providers": ["OPEN MODELS"]},
	}
}

test_a_base_model_of_another_provider_fails if {
	model_source_approved.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
				},
			},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
		"parameters": {"providers": ["Assist Labs"]},
	}
}

test_an_empty_list_approves_nobody if {
	model_source_approved.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
				},
			},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
		"parameters": {"providers": []},
	}
}

test_without_a_list_a_named_provider_is_unknown if {
	model_source_approved.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
				},
			},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
	}
}

test_a_remote_model_without_provider_is_unknown if {
	model_source_approved.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"source": {"type": "artifact"}},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"spec": {"source": {"type": "uri", "uri": "https://models.example/x"}},
			},
		],
		"parameters": {"providers": ["Open Models"]},
	}
}

test_a_prompt_alone_is_not_judged if {
	model_source_approved.verdict.state == "not_applicable" with input as {
		"version": {"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		"closure": [],
		"ancestors": [],
	}
}

test_a_provider_that_is_no_text_approves_nobody if {
	model_source_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/model/support-chat/1",
			"kind": "model",
			"spec": {"source": {"type": "uri", "provider": "Open Models"}},
		},
		"closure": [],
		"ancestors": [],
		"parameters": {"providers": [7, null]},
	}
}
