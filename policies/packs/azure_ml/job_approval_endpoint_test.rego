package muniment.azure_ml.job_approval_endpoint_test

import data.muniment.azure_ml.job_approval_endpoint
import rego.v1

test_the_approval_endpoint_passes if {
	job_approval_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.com/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_another_endpoint_fails if {
	job_approval_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_a_setting_that_is_not_enforced_fails if {
	job_approval_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_an_answer_without_settings_is_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_computes_of_another_name_are_not_judged if {
	job_approval_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"compute_names": [
				"serve",
			],
		},
	}
}

test_computes_of_another_type_are_not_judged if {
	job_approval_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"compute_type": "ComputeInstance",
		},
	}
}

test_clusters_outside_of_networks_can_be_left_out if {
	job_approval_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"is_isolated_network": "Yes",
		},
	}
}

test_clusters_inside_of_networks_can_be_chosen if {
	job_approval_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {
					"subnet": {
						"id": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist/subnets/train",
					},
				},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"compute_type": "MachineLearningCompute",
			"is_isolated_network": "Yes",
		},
	}
}

test_computes_with_tags_are_not_judged_without_tags if {
	job_approval_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"tags": {
				"team": "assist",
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_computes_can_be_chosen_by_tags if {
	job_approval_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"tags": {
				"Team": "Assist",
				"env": "prod",
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"tags": [
				"team:assist",
			],
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "[parameters('type')]",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
			"compute_type": "ComputeInstance",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
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
			"name": "observed",
			"tags": "absent",
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_tags_that_the_source_cannot_tell_are_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.org/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"name": "observed",
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"enforcedSettings": "observed",
			"enforcedSettings.approvalEndpoint": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	job_approval_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
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
			"name": "observed",
			"tags": "absent",
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"enforcedSettings": "absent",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_what_the_source_tells_is_judged if {
	job_approval_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.com/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"name": "observed",
			"tags": "absent",
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"enforcedSettings": "observed",
			"enforcedSettings.approvalEndpoint": "observed",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_an_assignment_without_an_endpoint_is_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "https://approve.example.com/jobs",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	job_approval_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Enabled",
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}

test_tags_that_only_a_deployment_resolves_are_unknown if {
	job_approval_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"tags": "[parameters('tags')]",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"approvalEndpoint": [],
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"approval_endpoint": "https://approve.example.com/jobs",
		},
	}
}
