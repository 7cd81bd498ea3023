package muniment.azure_ai.private_dns_zone_test

import data.muniment.azure_ai.private_dns_zone
import rego.v1

test_a_zone_group_passes if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [
				{
					"name": "default",
					"properties": {
						"privateDnsZoneConfigs": [
							{
								"name": "assist",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/network/providers/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com",
								},
							},
						],
					},
				},
			],
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
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/SUBSCRIPTIONS/3F1C2A44-6F0E-4A53-9B1E-7A5F0C9D2B10/RESOURCEGROUPS/ASSIST/PROVIDERS/MICROSOFT.COGNITIVESERVICES/ACCOUNTS/ASSIST-OPENAI",
							"groupIds": ["ACCOUNT"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [
				{
					"name": "default",
					"properties": {
						"privateDnsZoneConfigs": [
							{
								"name": "assist",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/network/providers/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com",
								},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_no_zone_group_fails if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_observed_endpoint_that_comes_without_zone_groups_does_not_tell if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_zone_groups_known_to_be_absent_fail if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
		},
		"fields": {
			"properties.privateLinkServiceConnections": "declared",
			"privateDnsZoneGroups": "absent",
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_a_template_expression_that_names_the_type_fails_without_a_zone_group if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "[resourceId('Microsoft.CognitiveServices/accounts', 'assist')]",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_a_template_of_the_endpoint_alone_does_not_tell if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_zone_groups_that_the_source_does_not_tell_are_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
		},
		"fields": {
			"properties.privateLinkServiceConnections": "observed",
			"properties.subnet": "absent",
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_unresolved_service_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "[parameters('setting')]",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_an_unresolved_group_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": "[parameters('setting')]",
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_connections_that_the_source_does_not_tell_are_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.subnet": "observed"},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_endpoint_of_another_service_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.BotService/botServices/assist-bot",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_endpoint_of_another_group_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["other"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_endpoint_of_another_service_with_a_zone_group_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.BotService/botServices/assist-bot",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [
				{
					"name": "default",
					"properties": {
						"privateDnsZoneConfigs": [
							{
								"name": "assist",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/network/providers/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com",
								},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_a_template_of_an_endpoint_of_another_service_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.BotService/botServices/assist-bot",
							"groupIds": ["account"],
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_an_endpoint_of_another_service_with_unresolved_zone_groups_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.BotService/botServices/assist-bot",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": "[parameters('setting')]",
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_connections_that_the_list_of_fields_leaves_out_are_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.BotService/botServices/assist-bot",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"fields": {},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_connections_known_to_be_absent_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.privateLinkServiceConnections": "absent"},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_observed_endpoint_that_leaves_connections_out_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_connections_that_are_no_list_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": {
					"first": {
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				},
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_zone_groups_that_are_no_list_fail if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": {
				"first": {
					"name": "default",
					"properties": {
						"privateDnsZoneConfigs": [
							{
								"name": "assist",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/network/providers/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com",
								},
							},
						],
					},
				},
			},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_zone_groups_that_are_no_resources_fail if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": ["default"],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_unresolved_zone_groups_are_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["account"],
						},
					},
				],
			},
			"privateDnsZoneGroups": "[parameters('setting')]",
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_unresolved_connections_are_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {"privateLinkServiceConnections": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_an_unresolved_group_in_the_list_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "assist",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.CognitiveServices/accounts/assist-openai",
							"groupIds": ["[parameters('setting')]"],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "declared"},
	}
}

test_an_endpoint_without_properties_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_an_endpoint_without_connections_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"privateLinkServiceConnections": []}},
		"resource": {"type": "Microsoft.Network/privateEndpoints", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
