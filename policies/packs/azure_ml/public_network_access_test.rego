package muniment.azure_ml.public_network_access_test

import data.muniment.azure_ml.public_network_access
import rego.v1

test_disabled_passes if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_the_case_of_letters_does_not_matter if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "disabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_enabled_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_a_number_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": 0}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "[parameters('setting')]"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	public_network_access.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.v1LegacyMode": "observed",
			"properties.publicNetworkAccess": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"v1LegacyMode": false,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.v1LegacyMode": "observed",
			"properties.publicNetworkAccess": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"v1LegacyMode": false,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.v1LegacyMode": "observed",
		},
	}
}
