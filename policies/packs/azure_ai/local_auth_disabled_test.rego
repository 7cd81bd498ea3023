package muniment.azure_ai.local_auth_disabled_test

import data.muniment.azure_ai.local_auth_disabled
import rego.v1

test_disabled_keys_pass if {
	local_auth_disabled.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"disableLocalAuth": true}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_enabled_keys_fail if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"disableLocalAuth": false}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"disableLocalAuth": "[parameters('setting')]"},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	local_auth_disabled.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
