package muniment.azure_ml.job_signing_keys_test

import data.muniment.azure_ml.job_signing_keys
import rego.v1

test_the_signing_key_passes if {
	job_signing_keys.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_another_key_fails if {
	job_signing_keys.verdict.state == "fail" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_a_setting_that_is_not_enforced_fails if {
	job_signing_keys.verdict.state == "fail" with input as {
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_an_answer_without_settings_is_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_computes_of_another_name_are_not_judged if {
	job_signing_keys.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"compute_names": [
				"serve",
			],
		},
	}
}

test_computes_of_another_type_are_not_judged if {
	job_signing_keys.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"compute_type": "ComputeInstance",
		},
	}
}

test_clusters_outside_of_networks_can_be_left_out if {
	job_signing_keys.verdict.state == "not_applicable" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"is_isolated_network": "Yes",
		},
	}
}

test_clusters_inside_of_networks_can_be_chosen if {
	job_signing_keys.verdict.state == "fail" with input as {
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
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"compute_type": "MachineLearningCompute",
			"is_isolated_network": "Yes",
		},
	}
}

test_computes_with_tags_are_not_judged_without_tags if {
	job_signing_keys.verdict.state == "not_applicable" with input as {
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
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_computes_can_be_chosen_by_tags if {
	job_signing_keys.verdict.state == "fail" with input as {
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
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"tags": [
				"team:assist",
			],
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "[parameters('type')]",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"compute_type": "ComputeInstance",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_tags_that_the_source_cannot_tell_are_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"another key",
						"",
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
			"enforcedSettings.signingKeys": "observed",
		},
		"parameters": {
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	job_signing_keys.verdict.state == "fail" with input as {
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_what_the_source_tells_is_judged if {
	job_signing_keys.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
						"",
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
			"enforcedSettings.signingKeys": "observed",
		},
		"parameters": {
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
		},
	}
}

test_an_assignment_without_a_key_is_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
						"",
					],
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

test_a_second_key_can_be_chosen if {
	job_signing_keys.verdict.state == "pass" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": {
					"allowedList": [
						"second",
						"-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
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
			"signing_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r\\none\\r\\n-----END PGP PUBLIC KEY BLOCK-----",
			"second_signing_key": "second",
		},
	}
}

test_other_resources_are_not_judged if {
	job_signing_keys.verdict.state == "not_applicable" with input as {
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
	job_signing_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"signing_key": "key",
		},
	}
}

test_tags_that_only_a_deployment_resolves_are_unknown if {
	job_signing_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"name": "train",
			"tags": "[parameters('tags')]",
			"properties": {
				"computeType": "AmlCompute",
				"properties": {},
			},
			"enforcedSettings": {
				"signingKeys": [],
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
		"parameters": {
			"signing_key": "key",
		},
	}
}
