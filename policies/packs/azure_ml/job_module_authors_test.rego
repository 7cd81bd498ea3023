package muniment.azure_ml.job_module_authors_test

import data.muniment.azure_ml.job_module_authors
import rego.v1

test_the_allowed_authors_pass if {
	job_module_authors.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_more_authors_fail if {
	job_module_authors.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_a_setting_that_is_not_enforced_fails if {
	job_module_authors.verdict.state == "fail" with input as {
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_an_answer_without_settings_is_unknown if {
	job_module_authors.verdict.state == "unknown" with input as {
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_computes_of_another_name_are_not_judged if {
	job_module_authors.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"compute_names": [
				"serve",
			],
		},
	}
}

test_computes_of_another_type_are_not_judged if {
	job_module_authors.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"compute_type": "ComputeInstance",
		},
	}
}

test_clusters_outside_of_networks_can_be_left_out if {
	job_module_authors.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"is_isolated_network": "Yes",
		},
	}
}

test_clusters_inside_of_networks_can_be_chosen if {
	job_module_authors.verdict.state == "fail" with input as {
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
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"compute_type": "MachineLearningCompute",
			"is_isolated_network": "Yes",
		},
	}
}

test_computes_with_tags_are_not_judged_without_tags if {
	job_module_authors.verdict.state == "not_applicable" with input as {
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
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_computes_can_be_chosen_by_tags if {
	job_module_authors.verdict.state == "fail" with input as {
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
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"tags": [
				"team:assist",
			],
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	job_module_authors.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "[parameters('type')]",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"allowed_module_authors": [
				"assist",
			],
			"compute_type": "ComputeInstance",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_module_authors.verdict.state == "unknown" with input as {
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_tags_that_the_source_cannot_tell_are_unknown if {
	job_module_authors.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
						"somebody",
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
			"enforcedSettings.allowedModuleAuthors": "observed",
		},
		"parameters": {
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	job_module_authors.verdict.state == "fail" with input as {
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
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_what_the_source_tells_is_judged if {
	job_module_authors.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
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
			"enforcedSettings.allowedModuleAuthors": "observed",
		},
		"parameters": {
			"allowed_module_authors": [
				"assist",
			],
		},
	}
}

test_the_trust_can_be_chosen if {
	job_module_authors.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": {
					"allowedList": [
						"assist",
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
			"allowed_module_authors": [
				"assist",
			],
			"trust_ip_protected_component": "Yes",
		},
	}
}

test_other_resources_are_not_judged if {
	job_module_authors.verdict.state == "not_applicable" with input as {
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
	job_module_authors.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_tags_that_only_a_deployment_resolves_are_unknown if {
	job_module_authors.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"tags": "[parameters('tags')]",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"allowedModuleAuthors": [],
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}
