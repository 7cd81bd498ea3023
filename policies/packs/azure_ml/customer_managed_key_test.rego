package muniment.azure_ml.customer_managed_key_test

import data.muniment.azure_ml.customer_managed_key
import rego.v1

test_an_enabled_key_passes if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"encryption": {
					"status": "Enabled",
					"keyVaultProperties": {
						"keyIdentifier": "https://assist.vault.azure.net/keys/ml/1",
					},
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_disabled_key_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {"encryption": {"status": "Disabled"}}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"encryption": {"status": "[parameters('setting')]"}}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_projects_are_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {"kind": "Project", "properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "Default",
			"properties": {
				"encryption": {
					"status": "Enabled",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"kind": "observed",
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.encryption.status": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "Default",
			"properties": {
				"publicNetworkAccess": "Enabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"kind": "observed",
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.encryption": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "Default",
			"properties": {
				"publicNetworkAccess": "Enabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"kind": "observed",
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
		},
	}
}

test_an_untold_kind_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"encryption": {
					"status": "Disabled",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
		"fields": {
			"properties": "declared",
			"properties.encryption": "declared",
			"properties.encryption.status": "declared",
		},
	}
}
