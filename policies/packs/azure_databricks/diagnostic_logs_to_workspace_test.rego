package muniment.azure_databricks.diagnostic_logs_to_workspace_test

import data.muniment.azure_databricks.diagnostic_logs_to_workspace
import rego.v1

test_every_log_to_the_chosen_workspace_passes if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "AzureDatabricksServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [
							{"category": "OperationLogs", "enabled": true},
							{"category": "OperationLogs", "enabled": "true"},
						],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_setting_that_lists_no_category_passes if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "AzureDatabricksServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_the_name_can_be_chosen if {
	diagnostic_logs_to_workspace.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [{"category": "OperationLogs", "enabled": true}],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
			"setting_name": "Audit",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_one_log_that_is_off_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "AzureDatabricksServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [
							{"category": "OperationLogs", "enabled": true},
							{"category": "OperationLogs", "enabled": false},
						],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_another_workspace_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "AzureDatabricksServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs-2",
						"logs": [{"category": "OperationLogs", "enabled": true}],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_another_name_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [{"category": "OperationLogs", "enabled": true}],
					},
				},
			],
		},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_no_setting_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {"properties": {}, "diagnosticSettings": []},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	diagnostic_logs_to_workspace.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"diagnosticSettings": "absent"},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_without_a_chosen_workspace_the_answer_is_unknown if {
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "AzureDatabricksServicesDiagnosticsLogsToWorkspace",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [{"category": "OperationLogs", "enabled": true}],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_without_settings_is_unknown if {
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	diagnostic_logs_to_workspace.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "observed"},
		"parameters": {
			"log_analytics": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	diagnostic_logs_to_workspace.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
