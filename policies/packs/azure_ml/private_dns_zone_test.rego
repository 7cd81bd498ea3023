package muniment.azure_ml.private_dns_zone_test

import data.muniment.azure_ml.private_dns_zone
import rego.v1

test_a_zone_group_passes if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
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
								"name": "api",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms",
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_the_case_of_letters_does_not_matter if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"AMLWorkspace",
							],
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
								"name": "api",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms",
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_no_zone_group_fails if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_an_answer_without_its_groups_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
						},
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_a_group_that_only_a_deployment_resolves_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"[parameters('group')]",
							],
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
								"name": "api",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms",
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "declared",
		},
	}
}

test_a_template_without_connections_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"subnet": {
					"id": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/x",
				},
			},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	private_dns_zone.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
						},
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.privateLinkServiceConnections": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	private_dns_zone.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
						},
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.privateLinkServiceConnections": "observed",
			"privateDnsZoneGroups": "absent",
		},
	}
}

test_what_the_source_tells_is_judged if {
	private_dns_zone.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"amlworkspace",
							],
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
								"name": "api",
								"properties": {
									"privateDnsZoneId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms",
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.privateLinkServiceConnections": "observed",
			"privateDnsZoneGroups": "observed",
		},
	}
}

test_endpoints_of_other_services_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"privateLinkServiceConnections": [
					{
						"name": "c",
						"properties": {
							"privateLinkServiceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.MachineLearningServices/workspaces/assist-prod",
							"groupIds": [
								"blob",
							],
						},
					},
				],
			},
			"privateDnsZoneGroups": [],
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_connections_told_as_absent_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.privateLinkServiceConnections": "absent",
		},
	}
}

test_an_observed_endpoint_without_connections_is_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"manualPrivateLinkServiceConnections": [],
			},
		},
		"resource": {
			"type": "Microsoft.Network/privateEndpoints",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	private_dns_zone.verdict.state == "not_applicable" with input as {
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
