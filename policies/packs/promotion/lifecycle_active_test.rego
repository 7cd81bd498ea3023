package muniment.promotion.lifecycle_active_test

import data.muniment.promotion.lifecycle_active
import rego.v1

test_active_versions_pass if {
	lifecycle_active.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_a_deprecated_base_passes if {
	lifecycle_active.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "deprecated",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_a_withdrawn_member_fails if {
	lifecycle_active.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "withdrawn",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_a_deprecated_member_fails if {
	lifecycle_active.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "deprecated",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_a_withdrawn_base_fails if {
	lifecycle_active.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "withdrawn",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_a_state_that_is_not_told_is_unknown if {
	lifecycle_active.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
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
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_ancestors_that_are_not_told_are_unknown if {
	lifecycle_active.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-prod", "stage": "production"},
	}
}

test_development_is_not_judged if {
	lifecycle_active.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"lifecycle": "active",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"lifecycle": "withdrawn",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"lifecycle": "active",
			},
		],
		"ancestors": [
			{
				"ref": "assist-dev/model/open-chat-8b/1",
				"kind": "model",
				"digest": "sha256:4444444444444444444444444444444444444444444444444444444444444444",
				"lifecycle": "active",
			},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
				"lifecycle": "active",
			},
		],
		"target": {"slug": "assist-lab", "stage": "development"},
	}
}
