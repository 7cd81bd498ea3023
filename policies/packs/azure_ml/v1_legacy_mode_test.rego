package muniment.azure_ml.v1_legacy_mode_test

import data.muniment.azure_ml.v1_legacy_mode
import rego.v1

test_enabled_passes if {
	v1_legacy_mode.verdict.state == "pass" with input as {
		"configuration": {"properties": {"v1LegacyMode": true}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_disabled_fails if {
	v1_legacy_mode.verdict.state == "fail" with input as {
		"configuration": {"properties": {"v1LegacyMode": false}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	v1_legacy_mode.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	v1_legacy_mode.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"v1LegacyMode": "[parameters('setting')]"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	v1_legacy_mode.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	v1_legacy_mode.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"v1LegacyMode": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.v1LegacyMode": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	v1_legacy_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Enabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.v1LegacyMode": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	v1_legacy_mode.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Enabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
		},
	}
}

test_a_text_that_says_true_passes if {
	v1_legacy_mode.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"v1LegacyMode": "True",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
