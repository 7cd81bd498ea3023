package muniment.azure_ml.registry_model_approved_test

import data.muniment.azure_ml.registry_model_approved
import rego.v1

test_an_approved_publisher_passes if {
	registry_model_approved.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {
					"assetId": "azureml://registries/azureml/models/Phi-4/versions/7",
					"registryName": "azureml",
					"publisher": "Microsoft",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_publishers": [
				"microsoft",
			],
		},
	}
}

test_a_part_of_an_approved_asset_id_passes if {
	registry_model_approved.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml/models/Phi-4/versions/7",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_asset_ids": [
				"registries/azureml/models/phi-4",
			],
		},
	}
}

test_another_publisher_fails if {
	registry_model_approved.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {
					"assetId": "azureml://registries/azureml-meta/models/Llama-3/versions/2",
					"registryName": "azureml-meta",
					"publisher": "Meta",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_publishers": [
				"Microsoft",
			],
			"allowed_asset_ids": [
				"azureml://registries/azureml/models/Phi-4/versions/7",
			],
		},
	}
}

test_nothing_is_approved_without_parameters if {
	registry_model_approved.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml/models/Phi-4/versions/7",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
	}
}

test_a_list_of_the_wrong_type_approves_nothing if {
	registry_model_approved.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml/models/Phi-4/versions/7",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_asset_ids": "azureml://registries/azureml/models/Phi-4/versions/7",
		},
	}
}

test_an_asset_id_alone_does_not_tell_the_publisher if {
	registry_model_approved.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml/models/Phi-4/versions/7",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_publishers": [
				"Microsoft",
			],
		},
	}
}

test_a_template_expression_is_unknown if {
	registry_model_approved.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": "[parameters('model')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "declared",
		},
		"parameters": {
			"allowed_asset_ids": [
				"azureml://registries/azureml/models/Phi-4/versions/7",
			],
		},
	}
}

test_a_declared_deployment_without_a_model_is_unknown if {
	registry_model_approved.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"scaleSettings": {
					"scaleType": "Default",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	registry_model_approved.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"scaleSettings": {
					"scaleType": "Default",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.scaleSettings": "observed",
		},
	}
}

test_a_model_told_as_absent_is_not_judged if {
	registry_model_approved.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"scaleSettings": {
					"scaleType": "Default",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.scaleSettings": "observed",
			"properties.model": "absent",
		},
	}
}

test_what_the_source_tells_is_judged if {
	registry_model_approved.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml/models/Phi-4/versions/7",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.model": "observed",
		},
	}
}

test_models_of_the_workspace_are_not_judged if {
	registry_model_approved.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"model": "azureml:intent:3",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
	}
}

test_an_observed_deployment_without_a_model_is_not_judged if {
	registry_model_approved.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"scaleSettings": {
					"scaleType": "Default",
				},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	registry_model_approved.verdict.state == "not_applicable" with input as {
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
