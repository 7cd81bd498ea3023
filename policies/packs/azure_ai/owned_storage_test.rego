package muniment.azure_ai.owned_storage_test

import data.muniment.azure_ai.owned_storage
import rego.v1

test_storage_of_the_owner_passes if {
	owned_storage.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"userOwnedStorage": [
					{
						"resourceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assist",
					},
				],
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_that_names_storage_passes if {
	owned_storage.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"userOwnedStorage": [
					{
						"resourceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assist",
					},
				],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_account_that_could_and_does_not_fails if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"userOwnedStorage": [],
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_absence_of_storage_fails if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_storage_known_to_be_absent_fails if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
			},
		},
		"fields": {
			"properties.capabilities": "observed",
			"properties.userOwnedStorage": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_storage_that_is_left_untold_is_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
			},
		},
		"fields": {"properties.capabilities": "observed"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_does_not_tell_what_the_account_can if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_capabilities_that_are_left_untold_are_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.userOwnedStorage": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_storage_is_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
				"userOwnedStorage": "[parameters('setting')]",
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_storage_that_is_no_list_fails if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
				"userOwnedStorage": {
					"first": {
						"resourceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assist",
					},
				},
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_what_else_an_account_can_does_not_matter if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
					{"name": "[parameters('setting')]"},
				],
				"userOwnedStorage": [],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_empty_list_that_the_list_of_fields_leaves_out_is_judged if {
	owned_storage.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"capabilities": [
					{"name": "VirtualNetworks"},
					{"name": "CustomerManagedStorage"},
				],
				"userOwnedStorage": [],
			},
		},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_capabilities_are_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"capabilities": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_unresolved_capability_is_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"capabilities": [{"name": "[parameters('setting')]"}]},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	owned_storage.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_capabilities_known_to_be_absent_are_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.capabilities": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_capabilities_that_the_list_of_fields_leaves_out_are_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"capabilities": []}},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_capabilities_that_are_no_list_are_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"capabilities": {"first": {"name": "CustomerManagedStorage"}}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_storage_of_an_account_that_cannot_is_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"capabilities": [], "userOwnedStorage": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_account_that_cannot_is_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"capabilities": [{"name": "VirtualNetworks"}]},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_account_without_capabilities_is_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	owned_storage.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
