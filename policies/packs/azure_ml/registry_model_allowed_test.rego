package muniment.azure_ml.registry_model_allowed_test

import data.muniment.azure_ml.registry_model_allowed
import rego.v1

test_a_model_of_the_allowed_registry_passes if {
	registry_model_allowed.verdict.state == "pass" with input as {
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
			"allowed_registry": "AzureML",
		},
	}
}

test_a_model_of_the_workspace_passes if {
	registry_model_allowed.verdict.state == "pass" with input as {
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

test_another_registry_fails if {
	registry_model_allowed.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml-meta/models/Llama-3/versions/2",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registry": "azureml",
		},
	}
}

test_no_registry_is_allowed_without_parameters if {
	registry_model_allowed.verdict.state == "fail" with input as {
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

test_a_restricted_model_fails if {
	registry_model_allowed.verdict.state == "fail" with input as {
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
			"allowed_registry": "azureml",
			"restricted_models": [
				"AZUREML://REGISTRIES/AZUREML/MODELS/PHI-4/VERSIONS/7",
			],
		},
	}
}

test_the_beginning_of_a_name_is_not_the_name if {
	registry_model_allowed.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": "azureml://registries/azureml-meta/models/Llama-3/versions/2",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
			"provenance": "observed",
		},
		"parameters": {
			"allowed_registry": "azure",
		},
	}
}

test_a_template_expression_is_unknown if {
	registry_model_allowed.verdict.state == "unknown" with input as {
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
			"allowed_registry": "azureml",
		},
	}
}

test_a_declared_deployment_without_a_model_is_unknown if {
	registry_model_allowed.verdict.state == "unknown" with input as {
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
	registry_model_allowed.verdict.state == "unknown" with input as {
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
	registry_model_allowed.verdict.state == "not_applicable" with input as {
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
	registry_model_allowed.verdict.state == "pass" with input as {
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
		"parameters": {
			"allowed_registry": "azureml",
		},
	}
}

test_an_observed_deployment_without_a_model_is_not_judged if {
	registry_model_allowed.verdict.state == "not_applicable" with input as {
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
	registry_model_allowed.verdict.state == "not_applicable" with input as {
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
