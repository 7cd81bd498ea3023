package muniment.azure_ai.customer_managed_key_test

import data.muniment.azure_ai.customer_managed_key
import rego.v1

test_a_key_from_a_vault_passes if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "Microsoft.KeyVault"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_key_of_the_platform_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "Microsoft.CognitiveServices"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_in_a_template_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_settings_known_to_be_absent_fail if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"kind": "observed", "properties.encryption": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_kind_that_was_excluded_can_be_judged if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"kind": "AIServices", "properties": {}},
		"parameters": {"excluded_kinds": ["LUIS"]},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_excluded_kinds_of_the_wrong_type_are_not_taken if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"parameters": {"excluded_kinds": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "[parameters('setting')]"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_unresolved_kind_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"kind": "[parameters('setting')]", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_unresolved_settings_are_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": "[parameters('setting')]"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_value_that_the_list_of_fields_leaves_out_is_judged if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "Microsoft.CognitiveServices"}},
		},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_account_known_to_have_no_kind_is_judged if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"kind": "absent", "properties.encryption": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_observed_account_without_a_kind_is_judged if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_source_that_is_left_untold_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"kind": "observed", "properties.other": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_kind_that_is_left_untold_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.encryption": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_excluded_kind_is_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {"kind": "aiservices", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
