package muniment.azure_ml.job_container_registries_test

import data.muniment.azure_ml.job_container_registries
import rego.v1

test_the_allowed_registries_pass if {
	job_container_registries.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"amlrepo.azurecr.io/assist",
						"amlrepo.azurecr.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_other_registries_fail if {
	job_container_registries.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_a_setting_that_is_not_enforced_fails if {
	job_container_registries.verdict.state == "fail" with input as {
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
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_an_answer_without_settings_is_unknown if {
	job_container_registries.verdict.state == "unknown" with input as {
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
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_computes_of_another_name_are_not_judged if {
	job_container_registries.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"compute_names": [
				"serve",
			],
		},
	}
}

test_computes_of_another_type_are_not_judged if {
	job_container_registries.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"compute_type": "ComputeInstance",
		},
	}
}

test_clusters_outside_of_networks_can_be_left_out if {
	job_container_registries.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"is_isolated_network": "Yes",
		},
	}
}

test_clusters_inside_of_networks_can_be_chosen if {
	job_container_registries.verdict.state == "fail" with input as {
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
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"compute_type": "MachineLearningCompute",
			"is_isolated_network": "Yes",
		},
	}
}

test_computes_with_tags_are_not_judged_without_tags if {
	job_container_registries.verdict.state == "not_applicable" with input as {
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
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_computes_can_be_chosen_by_tags if {
	job_container_registries.verdict.state == "fail" with input as {
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
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"tags": [
				"team:assist",
			],
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	job_container_registries.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "[parameters('type')]",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
			"compute_type": "ComputeInstance",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_container_registries.verdict.state == "unknown" with input as {
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
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_tags_that_the_source_cannot_tell_are_unknown if {
	job_container_registries.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"docker.io",
					],
					"trustIPProtectedComponent": "None",
				},
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
			"enforcedSettings.allowedACRs": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	job_container_registries.verdict.state == "fail" with input as {
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
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_what_the_source_tells_is_judged if {
	job_container_registries.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"amlrepo.azurecr.io/assist",
						"amlrepo.azurecr.io",
					],
					"trustIPProtectedComponent": "None",
				},
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
			"enforcedSettings.allowedACRs": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_another_trust_fails if {
	job_container_registries.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [
						"amlrepo.azurecr.io",
						"amlrepo.azurecr.io/assist",
					],
					"trustIPProtectedComponent": "Yes",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registries": [
				"amlrepo.azurecr.io",
				"amlrepo.azurecr.io/assist",
			],
		},
	}
}

test_nothing_is_allowed_without_parameters if {
	job_container_registries.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": {
					"allowedList": [],
					"trustIPProtectedComponent": "None",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	job_container_registries.verdict.state == "not_applicable" with input as {
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
	job_container_registries.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_tags_that_only_a_deployment_resolves_are_unknown if {
	job_container_registries.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"tags": "[parameters('tags')]",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedACRs": [],
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}
