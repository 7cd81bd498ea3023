package muniment.promotion.signed_test

import data.muniment.promotion.signed
import rego.v1

test_a_signed_model_passes if {
	signed.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"signature": {"signers": ["release"]},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"signature": {"signers": []},
			},
		],
	}
}

test_one_of_the_wanted_signers_suffices if {
	signed.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"signature": {"signers": ["release"]},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"signature": {"signers": []},
			},
		],
		"parameters": {"signers": ["audit", "release"]},
	}
}

test_a_model_without_a_signature_fails if {
	signed.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"signature": {"signers": []},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"signature": {"signers": []},
			},
		],
	}
}

test_another_signer_fails if {
	signed.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"signature": {"signers": ["release"]},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"signature": {"signers": []},
			},
		],
		"parameters": {"signers": ["audit"]},
	}
}

test_other_kinds_can_be_asked_for if {
	signed.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:3333333333333333333333333333333333333333333333333333333333333333",
				"signature": {"signers": ["release"]},
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
				"signature": {"signers": []},
			},
		],
		"parameters": {"kinds": ["prompt"]},
	}
}

test_signers_that_are_not_told_are_unknown if {
	signed.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
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
				"signature": {"signers": []},
			},
		],
	}
}

test_members_that_are_not_told_are_unknown if {
	signed.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
			"signature": {"signers": []},
		},
	}
}

test_a_prompt_alone_is_not_judged if {
	signed.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/prompt/support-answer/1",
			"kind": "prompt",
			"digest": "sha256:5555555555555555555555555555555555555555555555555555555555555555",
			"signature": {"signers": []},
		},
		"closure": [],
	}
}
