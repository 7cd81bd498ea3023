package muniment.azure_databricks.virtual_network_test

import data.muniment.azure_databricks.virtual_network
import rego.v1

test_a_named_network_passes if {
	virtual_network.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customVirtualNetworkId": {
						"type": "String",
						"value": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist",
					},
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
					"customPrivateSubnetName": {"type": "String", "value": "databricks-container"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_network_in_a_template_passes if {
	virtual_network.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customVirtualNetworkId": {
						"type": "String",
						"value": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist",
					},
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
					"customPrivateSubnetName": {"type": "String", "value": "databricks-container"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_template_expression_is_unknown if {
	virtual_network.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customVirtualNetworkId": {"type": "String", "value": "[parameters('network')]"},
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
					"customPrivateSubnetName": {"type": "String", "value": "databricks-container"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_missing_subnet_beside_an_expression_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customVirtualNetworkId": {"type": "String", "value": "[parameters('network')]"},
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_no_network_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_missing_subnet_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customVirtualNetworkId": {
						"type": "String",
						"value": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/virtualNetworks/assist",
					},
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_missing_network_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"parameters": {
					"customPublicSubnetName": {"type": "String", "value": "databricks-host"},
					"customPrivateSubnetName": {"type": "String", "value": "databricks-container"},
				},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_without_a_network_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {"properties": {"parameters": {}}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {
			"properties.parameters.customVirtualNetworkId.value": "absent",
			"properties.parameters.customPublicSubnetName.value": "absent",
			"properties.parameters.customPrivateSubnetName.value": "absent",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_one_absence_that_is_told_decides if {
	virtual_network.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.parameters.customVirtualNetworkId.value": "absent"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	virtual_network.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "observed"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_document_without_properties_is_unknown if {
	virtual_network.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	virtual_network.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
