package muniment.azure_ml.managed_network_isolation_test

import data.muniment.azure_ml.managed_network_isolation
import rego.v1

test_approved_outbound_only_passes if {
	managed_network_isolation.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_the_mode_can_be_chosen if {
	managed_network_isolation.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}},
		},
		"parameters": {"isolation_mode": "AllowInternetOutbound"},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_internet_outbound_fails if {
	managed_network_isolation.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	managed_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_chosen_mode_of_the_wrong_type_is_not_taken if {
	managed_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"properties": {"managedNetwork": {"isolationMode": "Disabled"}}},
		"parameters": {"isolation_mode": 7},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	managed_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {"managedNetwork": {"isolationMode": "[parameters('setting')]"}},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	managed_network_isolation.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	managed_network_isolation.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"managedNetwork": {
					"isolationMode": "AllowOnlyApprovedOutbound",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.managedNetwork.isolationMode": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	managed_network_isolation.verdict.state == "fail" with input as {
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
			"properties.managedNetwork": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	managed_network_isolation.verdict.state == "unknown" with input as {
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
