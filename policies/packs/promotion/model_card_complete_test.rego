package muniment.promotion.model_card_complete_test

import data.muniment.promotion.model_card_complete
import rego.v1

test_a_complete_card_passes if {
	model_card_complete.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {
					"card": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_a_missing_section_fails if {
	model_card_complete.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {
					"card": {
						"intended_use": "Support.",
						"limitations": " ",
						"human_oversight": "Agents.",
					},
				},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_a_model_without_card_is_unknown if {
	model_card_complete.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_a_prompt_alone_is_not_judged if {
	model_card_complete.verdict.state == "not_applicable" with input as {
		"version": {"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		"closure": [],
	}
}

test_the_card_beside_the_version_counts_before_the_one_in_its_spec if {
	whole := {"intended_use": "Support.", "limitations": "None.", "human_oversight": "Agents."}
	model_card_complete.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/model/support-chat/1",
			"kind": "model",
			"spec": {"card": {"intended_use": "Support."}},
			"card": {"status": "draft", "fields": whole},
		},
		"closure": [],
	}
	model_card_complete.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/model/support-chat/1",
			"kind": "model",
			"spec": {"card": whole},
			"card": {"status": "draft", "fields": {"intended_use": "Support."}},
		},
		"closure": [],
	}
}

test_sections_that_are_no_text_are_not_taken if {
	model_card_complete.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/model/support-chat/1",
			"kind": "model",
			"spec": {"card": {"intended_use": "Support."}},
		},
		"closure": [],
		"parameters": {"sections": ["intended_use", 7]},
	}
}
