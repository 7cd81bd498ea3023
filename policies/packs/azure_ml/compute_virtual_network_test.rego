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

test_what_the_source_tells_is_judged if {
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
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"properties.properties.subnet.id": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	compute_virtual_network.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"properties.properties.subnet": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	compute_virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
		},
	}
}

test_an_untold_type_is_unknown if {
	compute_virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"properties": {
					"subnet": {
						"id": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist/subnets/train",
					},
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_an_observed_compute_without_a_type_is_not_judged if {
	compute_virtual_network.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
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

test_a_type_told_as_absent_is_not_judged if {
	compute_virtual_network.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
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
		"fields": {
			"properties": "observed",
			"properties.computeType": "absent",
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	compute_virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "[parameters('type')]",
				"properties": {
					"subnet": {
						"id": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist/subnets/train",
					},
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_a_subnet_that_only_a_deployment_resolves_is_unknown if {
	compute_virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"properties": {
					"subnet": "[parameters('subnet')]",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}
