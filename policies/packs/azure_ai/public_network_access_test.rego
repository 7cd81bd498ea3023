package muniment.azure_ai.public_network_access_test

import data.muniment.azure_ai.public_network_access
import rego.v1

test_a_closed_public_network_passes if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "disabled"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_open_public_network_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_value_of_another_type_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": false}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_field_known_to_be_absent_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_field_that_the_source_does_not_tell_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.disableLocalAuth": "declared", "properties.other": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_a_value_that_the_list_of_fields_leaves_out_is_judged if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Enabled"}},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_no_properties_are_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"publicNetworkAccess": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	public_network_access.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_rules_for_networks_are_not_enough if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkAcls": {"defaultAction": "Deny"},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}
