package muniment.azure_ai.network_restricted_test

import data.muniment.azure_ai.network_restricted
import rego.v1

test_a_closed_public_network_passes if {
	network_restricted.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_denying_by_default_passes if {
	network_restricted.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkAcls": {
					"defaultAction": "Deny",
					"ipRules": [{"value": "203.0.113.0/24"}],
				},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_allowing_by_default_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkAcls": {"defaultAction": "Allow"},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_rules_known_to_be_absent_fail if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Enabled"}},
		"fields": {
			"properties.publicNetworkAccess": "observed",
			"properties.networkAcls": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_rules_of_a_search_service_do_not_count_for_an_account if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"networkRuleSet": {"ipRules": [{"value": "203.0.113.7"}]}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_rules_that_the_source_does_not_tell_are_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Enabled"}},
		"fields": {
			"properties.publicNetworkAccess": "observed",
			"properties.networkRuleSet": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_open_network_that_the_source_does_not_tell_is_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"networkAcls": {"defaultAction": "Allow"}},
		},
		"fields": {"properties.networkAcls.defaultAction": "observed"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"networkAcls": {"defaultAction": "[parameters('setting')]"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_access_known_to_be_absent_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"networkAcls": {"defaultAction": "Allow"}},
		},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_unresolved_access_is_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"publicNetworkAccess": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_unresolved_rule_of_a_search_service_does_not_matter_for_an_account if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkRuleSet": {"ipRules": "[parameters('setting')]"},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_unresolved_address_of_a_search_service_does_not_matter_for_an_account if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkRuleSet": {"ipRules": [{"value": "[parameters('setting')]"}]},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_unresolved_default_of_an_account_does_not_matter_for_a_search_service if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "enabled",
				"networkAcls": {"defaultAction": "[parameters('setting')]"},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_rules_of_a_search_service_do_not_tell_those_of_an_account if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"publicNetworkAccess": "Enabled",
				"networkRuleSet": {"ipRules": []},
			},
		},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_default_of_an_account_does_not_tell_the_rules_of_a_search_service if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "enabled",
				"networkAcls": {"defaultAction": "Allow"},
			},
		},
		"fields": {"properties.networkAcls": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_addresses_that_the_list_of_fields_leaves_out_are_judged if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "enabled",
				"networkRuleSet": {"ipRules": []},
			},
		},
		"fields": {},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_addresses_known_to_be_absent_fail if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "enabled"}},
		"fields": {"properties.networkRuleSet.ipRules": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_addresses_that_are_no_list_fail if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"networkRuleSet": {"ipRules": {"first": {"value": "203.0.113.7"}}},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_empty_address_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"properties": {"networkRuleSet": {"ipRules": [{"value": null}, {}]}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_unresolved_rules_of_a_search_service_are_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"networkRuleSet": {"ipRules": "[parameters('setting')]"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_search_service_with_an_address_passes if {
	network_restricted.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "enabled",
				"networkRuleSet": {"ipRules": [{"value": "203.0.113.7"}]},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_search_service_without_addresses_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "enabled",
				"networkRuleSet": {"ipRules": []},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_default_of_an_account_does_not_count_for_a_search_service if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"properties": {"networkAcls": {"defaultAction": "Deny"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_address_of_a_search_service_that_is_unresolved_is_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"networkRuleSet": {"ipRules": [{"value": "[parameters('setting')]"}]},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	network_restricted.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
