package muniment.promotion.base_model_approved_test

import data.muniment.promotion.base_model_approved
import rego.v1

test_an_accepted_base_passes if {
	base_model_approved.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
	}
}

test_a_listed_name_passes if {
	base_model_approved.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {"status": "draft", "fields": {}},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
		"parameters": {"approved": ["assist-dev/model/open-chat-8b"]},
	}
}

test_a_listed_digest_passes if {
	base_model_approved.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
		"parameters": {
			"approved": [
				"sha256:4444444444444444444444444444444444444444444444444444444444444444",
			],
		},
	}
}

test_a_base_that_is_not_on_the_list_fails if {
	base_model_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
		"parameters": {"approved": ["assist-dev/model/open-chat"]},
	}
}

test_an_empty_list_approves_nothing if {
	base_model_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
		"parameters": {"approved": []},
	}
}

test_a_base_whose_card_is_not_accepted_fails if {
	base_model_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
				"card": {
					"status": "in_review",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
	}
}

test_a_base_without_a_card_fails if {
	base_model_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
	}
}

test_a_withdrawn_base_fails if {
	base_model_approved.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"links": [],
				"lifecycle": "withdrawn",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"links": [],
				"lifecycle": "active",
			},
		],
	}
}

test_a_base_that_is_not_told_is_unknown if {
	base_model_approved.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
		"ancestors": [],
	}
}

test_ancestors_that_are_not_told_are_unknown if {
	base_model_approved.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"links": [
				{
					"role": "uses_model",
					"ref": "assist-dev/model/support-chat/1",
					"kind": "model",
					"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				},
				{
					"role": "uses_prompt",
					"ref": "assist-dev/prompt/support-answer/1",
					"kind": "prompt",
					"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				},
			],
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"links": [
					{
						"role": "fine_tuned_from",
						"ref": "assist-dev/model/open-chat-8b/1",
						"kind": "model",
						"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
					},
					{
						"role": "trained_on",
						"ref": "assist-dev/dataset/support-tickets/1",
						"kind": "dataset",
						"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
					},
				],
				"lifecycle": "active",
				"card": {
					"status": "accepted",
					"fields": {
						"intended_use": "Answers questions of customers about orders.",
						"limitations": "Knows nothing after its training.",
						"human_oversight": "Agents read every answer before it is sent.",
					},
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"links": [],
				"lifecycle": "active",
			},
		],
	}
}

test_a_prompt_alone_is_not_judged if {
	base_model_approved.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			"links": [],
			"lifecycle": "active",
		},
		"closure": [],
		"ancestors": [],
	}
}

test_a_model_without_a_base_is_not_judged if {
	base_model_approved.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/model/own/1",
			"kind": "model",
			"digest": "sha256:9999999999999999999999999999999999999999999999999999999999999999",
			"links": [],
			"lifecycle": "active",
		},
		"closure": [],
		"ancestors": [],
	}
}
