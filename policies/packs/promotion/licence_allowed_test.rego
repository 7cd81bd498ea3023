package muniment.promotion.licence_allowed_test

import data.muniment.promotion.licence_allowed
import rego.v1

test_allowed_licences_pass if {
	licence_allowed.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "Apache-2.0"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_one_side_of_or_suffices if {
	licence_allowed.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "LicenseRef-Vendor OR MIT"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_the_case_of_letters_does_not_matter if {
	licence_allowed.verdict.state == "pass" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "apache-2.0"},
			},
		],
		"parameters": {"licences": ["APACHE-2.0"]},
	}
}

test_a_licence_that_is_not_listed_fails if {
	licence_allowed.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "LicenseRef-Research-Only"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_every_side_of_and_is_needed if {
	licence_allowed.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "MIT AND LicenseRef-Vendor"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_brackets_are_not_understood if {
	licence_allowed.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "(MIT OR BSD-2-Clause) AND LicenseRef-Vendor"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_a_list_can_be_narrowed if {
	licence_allowed.verdict.state == "fail" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{
				"ref": "assist-dev/model/support-chat/1",
				"kind": "model",
				"spec": {"license": "Apache-2.0"},
			},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
		"parameters": {"licences": ["MIT"]},
	}
}

test_no_stated_licence_is_unknown if {
	licence_allowed.verdict.state == "unknown" with input as {
		"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"},
		"closure": [
			{"ref": "assist-dev/model/support-chat/1", "kind": "model"},
			{"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		],
	}
}

test_members_that_are_not_told_are_unknown if {
	licence_allowed.verdict.state == "unknown" with input as {"version": {"ref": "assist-dev/flow/support-bot/1", "kind": "flow"}}
}

test_a_prompt_alone_is_not_judged if {
	licence_allowed.verdict.state == "not_applicable" with input as {
		"version": {"ref": "assist-dev/prompt/support-answer/1", "kind": "prompt"},
		"closure": [],
	}
}
