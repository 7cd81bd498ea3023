package muniment.azure_search.diagnostic_logs_test

import data.muniment.azure_search.diagnostic_logs
import rego.v1

test_logs_to_an_analytics_workspace_pass if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": false, "days": 0},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_logs_kept_for_a_year_in_storage_pass if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": true, "days": 365},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_logs_kept_for_ever_in_storage_pass if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": true, "days": 0},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_one_setting_of_two_suffices if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [{"category": "OperationLogs", "enabled": false}],
					},
				},
				{
					"name": "to-2",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [{"category": "OperationLogs", "enabled": true}],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_the_retention_can_be_chosen if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": true, "days": 90},
							},
						],
					},
				},
			],
		},
		"parameters": {"retention_days": 90},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_declared_settings_are_judged if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [{"category": "OperationLogs", "enabled": "true"}],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_number_of_days_written_as_text_counts if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": "true", "days": "400"},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_logs_that_are_off_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": false,
								"retentionPolicy": {"enabled": false, "days": 0},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_retention_that_is_too_short_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": true, "days": 30},
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_setting_without_logs_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"workspaceId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.OperationalInsights/workspaces/assist-logs",
						"metrics": [{"category": "AllMetrics", "enabled": true}],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_no_setting_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {"properties": {}, "diagnosticSettings": []},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_retention_of_the_wrong_type_is_not_taken if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "to-1",
					"type": "Microsoft.Insights/diagnosticSettings",
					"properties": {
						"storageAccountId": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.Storage/storageAccounts/assistlogs",
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
								"retentionPolicy": {"enabled": true, "days": 30},
							},
						],
					},
				},
			],
		},
		"parameters": {"retention_days": "30"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"diagnosticSettings": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_resource_without_settings_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_without_settings_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}, "diagnosticSettings": "[variables('settings')]"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	diagnostic_logs.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
