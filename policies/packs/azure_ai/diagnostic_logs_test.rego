package muniment.azure_ai.diagnostic_logs_test

import data.muniment.azure_ai.diagnostic_logs
import rego.v1

test_a_setting_with_logs_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"properties": {"logs": [{"category": "Audit", "enabled": true}]},
				},
			],
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_search_service_with_a_setting_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"properties": {
						"logs": [
							{
								"category": "OperationLogs",
								"enabled": true,
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_declared_setting_passes if {
	diagnostic_logs.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"properties": {"logs": [{"category": "Audit", "enabled": true}]},
				},
			],
		},
		"fields": {"diagnosticSettings": "declared"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_settings_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "diagnosticSettings": []},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_setting_that_sends_metrics_alone_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "load",
					"properties": {
						"logs": [],
						"metrics": [
							{
								"category": "AllMetrics",
								"enabled": true,
							},
						],
					},
				},
			],
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_observed_account_that_comes_without_settings_does_not_tell if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_known_to_be_absent_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"diagnosticSettings": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_template_of_the_account_alone_does_not_tell if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_settings_that_the_source_does_not_tell_are_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_that_the_list_of_fields_leaves_out_are_judged if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}, "diagnosticSettings": []},
		"fields": {},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_that_are_no_list_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": {"first": {"properties": {"logs": [{"category": "Audit"}]}}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_logs_that_are_no_list_fail if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [{"properties": {"logs": {"first": {"category": "Audit"}}}}],
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_empty_log_fails if {
	diagnostic_logs.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [{"properties": {"logs": [null]}}],
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_settings_are_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": "[parameters('setting')]",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_unresolved_logs_are_unknown if {
	diagnostic_logs.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {},
			"diagnosticSettings": [
				{
					"name": "audit",
					"properties": {"logs": "[parameters('setting')]"},
				},
			],
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	diagnostic_logs.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
