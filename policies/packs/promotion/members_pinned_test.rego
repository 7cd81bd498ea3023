package muniment.promotion.members_pinned_test

import data.muniment.promotion.members_pinned
import rego.v1

test_pinned_members_pass if {
	members_pinned.verdict.state == "pass" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
					},
				],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
			},
		],
	}
}

test_a_member_without_digest_fails if {
	members_pinned.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
			"spec": {
				"members": [{"name": "chat", "kind": "model", "asset": "support-chat"}],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
			},
		],
	}
}

test_a_digest_of_no_promoted_member_fails if {
	members_pinned.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
			"spec": {
				"members": [
					{
						"name": "chat",
						"kind": "model",
						"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
					},
					{
						"name": "answer",
						"kind": "prompt",
						"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
					},
				],
			},
		},
		"closure": [
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
			},
		],
	}
}

test_members_that_are_not_told_are_unknown if {
	members_pinned.verdict.state == "unknown" with input as {
		"version": {
			"ref": "assist-dev/flow/support-bot/1",
			"kind": "flow",
			"digest": "sha256:bb01a863e1201ed0f3c381ba4ec7894f38bdc7d4d438c2a2c1cb0e9a8801a45a",
		},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
			},
			{
				"ref": "assist-dev/prompt/support-answer/1",
				"kind": "prompt",
				"digest": "sha256:5589b476a0818c9d86a5f024245798dcbb13aadda406c1181485469c36b8d4b8",
			},
		],
	}
}

test_a_model_is_not_judged if {
	members_pinned.verdict.state == "not_applicable" with input as {
		"version": {
			"ref": "assist-dev/model/support-chat/1",
			"kind": "model",
			"digest": "sha256:370514461c33b3b15bc4ec1d23775b203802d7a65cd8d9a5b119035773d4546f",
		},
		"closure": [],
	}
}
