package muniment.azure_ai.owned_storage_or_key_source_test

import data.muniment.azure_ai.owned_storage_or_key_source
import rego.v1

test_a_named_source_passes if {
	owned_storage_or_key_source.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "Microsoft.CognitiveServices"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_no_settings_pass if {
	owned_storage_or_key_source.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_without_a_source_fail if {
	owned_storage_or_key_source.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keyVaultProperties": {"keyName": "assist"}}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_empty_source_fails if {
	owned_storage_or_key_source.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {"keySource": null}}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_settings_are_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": "[parameters('setting')]"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_a_template_expression_is_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "[parameters('setting')]"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	owned_storage_or_key_source.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_storage_of_the_owner_passes if {
	owned_storage_or_key_source.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {
				"encryption": {},
				"userOwnedStorage": [
					{
						"resourceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assist",
					},
				],
			},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_known_to_be_absent_pass if {
	owned_storage_or_key_source.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.encryption": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_neither_storage_nor_a_source_fails if {
	owned_storage_or_key_source.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {}, "userOwnedStorage": []},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_both_known_to_be_absent_fail if {
	owned_storage_or_key_source.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {}}},
		"fields": {
			"properties.encryption": "observed",
			"properties.encryption.keySource": "absent",
			"properties.userOwnedStorage": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_storage_that_is_left_untold_is_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {}}},
		"fields": {
			"properties.encryption": "observed",
			"properties.encryption.keySource": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_source_that_is_left_untold_is_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {}, "userOwnedStorage": []},
		},
		"fields": {
			"properties.encryption": "observed",
			"properties.userOwnedStorage": "observed",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_storage_is_unknown if {
	owned_storage_or_key_source.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {}, "userOwnedStorage": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_an_empty_list_that_the_list_of_fields_leaves_out_is_judged if {
	owned_storage_or_key_source.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {}, "userOwnedStorage": []},
		},
		"fields": {"properties.encryption.keySource": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}
