package muniment.azure_ml.diagnostic_logs_to_workspace_test

import data.muniment.azure_ml.diagnostic_logs_to_workspace
import rego.v1

test_logs_and_metrics_to_log_analytics_pass if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
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

test_the_workspace_can_be_chosen if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
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
		"parameters": {
			"log_analytics": "/SUBSCRIPTIONS/3F1C2A44-6F0E-4A53-9B1E-7A5F0C9D2B10/RESOURCEGROUPS/ASSIST/PROVIDERS/MICROSOFT.OPERATIONALINSIGHTS/WORKSPACES/LOGS",
		},
	}
}

test_the_name_can_be_chosen if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "central",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
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
		"parameters": {
			"profile_name": "Central",
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
		},
	}
}

test_metrics_can_be_wanted_off if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": false,
							},
						],
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
		"parameters": {
			"metrics_enabled": false,
		},
	}
}

test_another_workspace_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs-old",
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
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
		},
	}
}

test_a_setting_of_another_name_does_not_count if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "mine",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
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

test_one_disabled_log_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/logs",
						"logs": [
							{
								"category": "AmlComputeClusterEvent",
								"enabled": true,
							},
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

test_disabled_metrics_fail if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": false,
							},
						],
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

test_a_setting_without_a_workspace_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
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

test_no_settings_fail if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
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

test_an_answer_without_its_settings_is_unknown if {
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
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
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
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
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
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
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
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
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
			"diagnosticSettings": [
				{
					"name": "MachineLearningServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
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
	diagnostic_logs_to_workspace.verdict.state == "not_applicable" with input as {
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
