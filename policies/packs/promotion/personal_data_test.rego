package muniment.promotion.personal_data_test

import data.muniment.promotion.personal_data
import rego.v1

test_a_lawful_basis_passes if {
	personal_data.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{"ref": "assist-dev/model/open-chat-8b/1", "kind": "model"},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"spec": {
					"personal_data": {
						"contains": true,
						"lawful_basis": "Art. 6(1)(f) GDPR, legitimate interests",
					},
				},
			},
		],
	}
}

test_data_without_persons_passes if {
	personal_data.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{"ref": "assist-dev/model/open-chat-8b/1", "kind": "model"},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"spec": {"personal_data": {"contains": false}},
			},
		],
	}
}

test_no_lawful_basis_fails if {
	personal_data.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{"ref": "assist-dev/model/open-chat-8b/1", "kind": "model"},
			{
				"ref": "assist-dev/dataset/support-tickets/1",
				"kind": "dataset",
				"spec": {"personal_data": {"contains": true}},
			},
		],
	}
}

test_an_empty_basis_fails if {
	personal_data.verdict.state == "fail" with input as {
		"version": {
			"ref": "assist-dev/dataset/support-tickets/1",
			"kind": "dataset",
			"spec": {"personal_data": {"contains": true, "lawful_basis": " "}},
		},
		"closure": [],
		"ancestors": [],
	}
}

test_undeclared_data_is_unknown if {
	personal_data.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"ancestors": [
			{"ref": "assist-dev/model/open-chat-8b/1", "kind": "model"},
			{"ref": "assist-dev/dataset/support-tickets/1", "kind": "dataset"},
		],
	}
}

test_an_origin_that_is_not_told_is_unknown if {
	personal_data.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_without_data_nothing_is_judged if {
	personal_data.verdict.state == "not_applicable" with input as {
		"version": {"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		"closure": [],
		"ancestors": [],
	}
}
