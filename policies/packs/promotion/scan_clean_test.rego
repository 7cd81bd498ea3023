package muniment.promotion.scan_clean_test

import data.muniment.promotion.scan_clean
import rego.v1

test_safe_artifacts_pass if {
	scan_clean.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "safe",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_an_allowed_finding_passes if {
	scan_clean.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "allow_listed",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_a_dataset_alone_passes if {
	scan_clean.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/dataset/support-tickets/1",
			"kind": "dataset",
			"digest": "sha256:7777777777777777777777777777777777777777777777777777777777777777",
			"scan": {"verdict": "safe", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [],
	}
}

test_a_dangerous_artifact_fails if {
	scan_clean.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "dangerous",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_an_allowed_finding_fails_where_none_is_accepted if {
	scan_clean.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "allow_listed",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
		"parameters": {"accept_allow_listed": false},
	}
}

test_a_pending_scan_is_unknown if {
	scan_clean.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "pending",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_what_the_scanner_does_not_know_is_unknown if {
	scan_clean.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"scan": {
					"verdict": "unknown",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_a_scan_that_is_not_told_is_unknown if {
	scan_clean.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
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
				"scan": {
					"verdict": "none",
					"tool": "muniment-scan",
					"tool_version": "1",
				},
			},
		],
	}
}

test_members_that_are_not_told_are_unknown if {
	scan_clean.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
	}
}

test_versions_without_artifacts_are_not_judged if {
	scan_clean.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			"scan": {"verdict": "none", "tool": "muniment-scan", "tool_version": "1"},
		},
		"closure": [],
	}
}
