package muniment.azure_ai.deployment_registry_models_test

import data.muniment.azure_ai.deployment_registry_models
import rego.v1

test_an_approved_publisher_passes if {
	deployment_registry_models.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {
					"format": "OpenAI",
					"name": "chat-large",
					"publisher": "openai",
				},
			},
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_approved_asset_passes if {
	deployment_registry_models.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {
					"name": "phi",
					"publisher": "Other",
					"assetId": "azureml://registries/azureml/models/Phi-4/versions/7",
				},
			},
		},
		"parameters": {"allowed_asset_ids": ["azureml://registries/azureml/models/Phi-4/"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_nothing_is_approved_by_default if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {"properties": {"model": {"name": "chat-large", "publisher": "OpenAI"}}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_another_publisher_and_another_asset_fail if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "Other",
					"assetId": "azureml://registries/other/models/x/versions/1",
				},
			},
		},
		"parameters": {
			"allowed_publishers": ["OpenAI"],
			"allowed_asset_ids": ["azureml://registries/azureml/"],
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_observed_model_without_either_fails if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_publisher_and_an_asset_known_to_be_absent_fail if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {
			"properties.model.publisher": "absent",
			"properties.model.assetId": "absent",
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_empty_asset_id_approves_nothing if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "Other",
					"assetId": "azureml://registries/other/models/x/versions/1",
				},
			},
		},
		"parameters": {"allowed_asset_ids": [""]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_publishers_of_the_wrong_type_are_not_taken if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {"properties": {"model": {"publisher": "OpenAI"}}},
		"parameters": {"allowed_publishers": "OpenAI"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_publisher_that_is_left_untold_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {"properties.model.assetId": "absent"},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_asset_that_is_left_untold_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"model": {"publisher": "Other"}}},
		"fields": {"properties.model.publisher": "observed"},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_template_that_names_neither_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_publishers_by_key_are_not_taken if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {"properties": {"model": {"publisher": "OpenAI"}}},
		"parameters": {"allowed_publishers": {"first": "OpenAI"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_asset_ids_by_key_are_not_taken if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "Other",
					"assetId": "azureml://registries/azureml/models/x/versions/1",
				},
			},
		},
		"parameters": {"allowed_asset_ids": {"first": "azureml"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_values_that_the_list_of_fields_leaves_out_are_judged if {
	deployment_registry_models.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "Other",
					"assetId": "azureml://registries/other/models/x/versions/1",
				},
			},
		},
		"fields": {},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_model_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"model": "[parameters('setting')]"}},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_no_properties_are_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_publisher_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "[parameters('setting')]",
					"assetId": "azureml://registries/other/models/x/versions/1",
				},
			},
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_an_unresolved_asset_is_unknown if {
	deployment_registry_models.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {
					"publisher": "Other",
					"assetId": "[parameters('setting')]",
				},
			},
		},
		"parameters": {"allowed_publishers": ["OpenAI"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	deployment_registry_models.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
