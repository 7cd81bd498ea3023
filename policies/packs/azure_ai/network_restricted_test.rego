package muniment.azure_ai.network_restricted_test

import data.muniment.azure_ai.network_restricted
import rego.v1

test_a_disabled_public_network_passes if {
	network_restricted.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
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
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
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
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	network_restricted.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	network_restricted.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"networkAcls": {"defaultAction": "[parameters('setting')]"}},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "declared",
		},
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
