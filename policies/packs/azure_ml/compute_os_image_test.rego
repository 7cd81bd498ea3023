package muniment.azure_ml.compute_os_image_test

import data.muniment.azure_ml.compute_os_image
import rego.v1

test_an_outdated_image_fails if {
	compute_os_image.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {
					"osImageMetadata": {
						"isLatestOsImageVersion": false,
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

test_a_text_that_says_false_fails if {
	compute_os_image.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {
					"osImageMetadata": {
						"isLatestOsImageVersion": "false",
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

test_the_latest_image_passes if {
	compute_os_image.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {
					"osImageMetadata": {
						"currentImageVersion": "24.10.1",
						"isLatestOsImageVersion": true,
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

test_an_observed_instance_without_image_data_passes if {
	compute_os_image.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_a_template_does_not_tell if {
	compute_os_image.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	compute_os_image.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "[parameters('type')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	compute_os_image.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
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

test_what_the_source_tells_as_absent_passes if {
	compute_os_image.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
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
			"properties.properties.osImageMetadata": "absent",
		},
	}
}

test_what_the_source_tells_is_judged if {
	compute_os_image.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {
					"osImageMetadata": {
						"isLatestOsImageVersion": false,
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
			"properties.properties.osImageMetadata": "observed",
			"properties.properties.osImageMetadata.isLatestOsImageVersion": "observed",
		},
	}
}

test_clusters_are_not_judged if {
	compute_os_image.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	compute_os_image.verdict.state == "not_applicable" with input as {
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
	compute_os_image.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {
					"osImageMetadata": {
						"isLatestOsImageVersion": "[parameters('latest')]",
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
