package muniment.promotion.personal_data_absent_test

import data.muniment.promotion.personal_data_absent
import rego.v1

test_data_without_persons_passes if {
	personal_data_absent.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"spec": {"format": "jsonl", "personal_data": {"contains": false}},
			},
		],
	}
}

test_data_of_persons_fails if {
	personal_data_absent.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"spec": {"format": "jsonl", "personal_data": {"contains": true}},
			},
		],
	}
}

test_a_lawful_basis_does_not_help if {
	personal_data_absent.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"spec": {
					"format": "jsonl",
					"personal_data": {"contains": true, "lawful_basis": "Art. 6(1)(b)"},
				},
			},
		],
	}
}

test_undeclared_data_is_unknown if {
	personal_data_absent.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"spec": {
					"source": {
						"type": "uri",
						"uri": "https://models.example/open-chat-8b",
						"provider": "Open Models",
					},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"spec": {"format": "jsonl"},
			},
		],
	}
}

test_an_origin_that_is_not_told_is_unknown if {
	personal_data_absent.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
					},
				],
				"steps": [{"name": "answer", "uses": ["chat", "answer"]}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"spec": {
					"source": {"type": "artifact"},
					"task": "text-generation",
					"license": "Apache-2.0",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"spec": {
					"type": "text",
					"template": "Answer: {{question}}",
					"variables": {"question": {"type": "string"}},
				},
			},
		],
	}
}

test_without_data_nothing_is_judged if {
	personal_data_absent.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			"spec": {
				"type": "text",
				"template": "Answer: {{question}}",
				"variables": {"question": {"type": "string"}},
			},
		},
		"closure": [],
		"ancestors": [],
	}
}
