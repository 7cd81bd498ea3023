package muniment.promotion.card_accepted_test

import data.muniment.promotion.card_accepted
import rego.v1

test_an_accepted_card_passes if {
	card_accepted.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
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
			},
		],
	}
}

test_a_card_in_review_fails if {
	card_accepted.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
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
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			},
		],
	}
}

test_no_card_fails if {
	card_accepted.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			},
		],
	}
}

test_other_kinds_can_be_asked_for if {
	card_accepted.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
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
			},
		],
		"parameters": {"kinds": ["flow"]},
	}
}

test_members_that_are_not_told_are_unknown if {
	card_accepted.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
		},
	}
}

test_a_prompt_alone_is_not_judged if {
	card_accepted.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
		},
		"closure": [],
	}
}
