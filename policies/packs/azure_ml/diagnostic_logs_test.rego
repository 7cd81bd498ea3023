package muniment.azure_ml.diagnostic_logs_test

import data.muniment.azure_ml.diagnostic_logs
import rego.v1

test_an_enabled_log_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": true,
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_year_in_a_storage_account_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 365,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_retention_for_ever_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 0,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_retention_that_is_off_does_not_count if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": false,
									"days": 7,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_retention_without_a_storage_account_does_not_count if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 7,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_the_days_can_be_chosen if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 90,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"parameters": {
			"required_retention_days": 90,
		},
	}
}

test_one_of_several_settings_is_enough if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "old",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": false,
							},
						],
					},
				},
				{
					"name": "new",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": false,
							},
							{
								"category": "AmlComputeClusterEvent",
								"enabled": true,
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_month_in_a_storage_account_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 30,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_disabled_log_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": false,
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_no_settings_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_setting_without_logs_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_days_of_the_wrong_type_are_not_taken if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "AmlComputeJobEvent",
								"enabled": true,
								"retentionPolicy": {
									"enabled": true,
									"days": 30,
								},
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"parameters": {
			"required_retention_days": "7",
		},
	}
}

test_an_answer_without_its_settings_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_does_not_tell if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"diagnosticSettings": "absent",
		},
	}
}

test_what_the_source_tells_is_judged if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "to-logs",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": true,
							},
						],
					},
				},
			],
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"diagnosticSettings": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	diagnostic_logs.verdict.state == "not_applicable" with input as {
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
