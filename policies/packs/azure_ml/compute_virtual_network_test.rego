package muniment.azure_ml.compute_virtual_network_test

import data.muniment.azure_ml.compute_virtual_network
import rego.v1

test_a_subnet_passes if {
	compute_virtual_network.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"properties": {
					"subnet": {
						"id": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist/subnets/train",
					},
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_no_subnet_fails if {
	compute_virtual_network.verdict.state == "fail" with input as {
		"configuration": {"properties": {"computeType": "AmlCompute", "properties": {}}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_an_empty_subnet_fails if {
	compute_virtual_network.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {"subnet": {"id": ""}},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	compute_virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"properties": {"subnet": {"id": "[parameters('setting')]"}},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_attached_clusters_are_not_judged if {
	compute_virtual_network.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"computeType": "Kubernetes"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	compute_virtual_network.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
