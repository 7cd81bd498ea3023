package muniment.azure_databricks.private_dns_zone_test

import data.muniment.azure_databricks.private_dns_zone
import rego.v1

test_a_zone_group_passes if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [{"name": "default", "properties": {"privateDnsZoneConfigs": []}}],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["DATABRICKS_UI_API"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [{"name": "default", "properties": {"privateDnsZoneConfigs": []}}],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_declared_groups_are_judged if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [{"name": "default", "properties": {"privateDnsZoneConfigs": []}}],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_no_zone_group_fails if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_observed_endpoint_without_groups_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
		},
		"fields": {
			"properties.privateLinkServiceConnections": "observed",
			"privateDnsZoneGroups": "absent",
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_a_template_of_the_endpoint_alone_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_groups_that_the_source_cannot_tell_are_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
		},
		"fields": {"properties.privateLinkServiceConnections": "observed"},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_a_target_that_the_source_cannot_tell_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"privateDnsZoneGroups": "absent"},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {"privateLinkServiceConnections": "[parameters('connections')]"},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_a_group_that_is_an_expression_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["[parameters('group')]"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_endpoints_of_other_services_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/logs",
							"groupIds": ["blob"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_endpoint_without_connections_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_the_group_can_be_chosen if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["browser_authentication"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [{"name": "default", "properties": {"privateDnsZoneConfigs": []}}],
		},
		"parameters": {"group_id": "browser_authentication"},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_another_group_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c1",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Databricks/workspaces/assist",
							"groupIds": ["browser_authentication"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_expression_that_names_no_type_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"properties": {
							"privateLinkServiceId": "[parameters('target')]",
							"groupIds": ["databricks_ui_api"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}
