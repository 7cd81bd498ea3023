package muniment.azure_ai.managed_identity_test

import data.muniment.azure_ai.managed_identity
import rego.v1

test_an_identity_of_the_account_passes if {
	managed_identity.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"identity": {"type": "SystemAssigned"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_both_kinds_of_identity_pass if {
	managed_identity.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"identity": {"type": "SystemAssigned, UserAssigned"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_none_fails if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "identity": {"type": "none"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_fails if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_empty_type_fails if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "identity": {"type": null}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_in_a_template_fails if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_identity_known_to_be_absent_fails if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"identity": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_identity_that_is_left_untold_is_unknown if {
	managed_identity.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_type_that_the_list_of_fields_leaves_out_is_judged if {
	managed_identity.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "identity": {"type": "None"}},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_no_properties_are_unknown if {
	managed_identity.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	managed_identity.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"identity": {"type": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_unresolved_identity_is_unknown if {
	managed_identity.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "identity": "[parameters('setting')]"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	managed_identity.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
