package muniment.azure_ai.deployment_severity_filter_test

import data.muniment.azure_ai.deployment_severity_filter
import rego.v1

test_every_category_on_both_sides_passes if {
	deployment_severity_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"name": "assist",
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Selfharm",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Selfharm",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_one_category_can_be_chosen if {
	deployment_severity_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "High",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_lower_threshold_can_be_allowed if {
	deployment_severity_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Low",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"], "allowed_severities_for_prompt": ["Low"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_threshold_that_is_not_allowed_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Low",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_one_side_is_not_enough if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_missing_category_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Selfharm",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_filter_that_does_not_block_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Sexual",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Violence",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Selfharm",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
						{
							"name": "Selfharm",
							"source": "Completion",
							"enabled": true,
							"blocking": false,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_category_without_a_threshold_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
						},
						{
							"name": "Hate",
							"source": "Completion",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_no_filters_fail if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": []},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_threshold_is_unknown if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Hate",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "[parameters('setting')]",
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Hate"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_declared_policy_may_take_a_filter_from_its_base if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"basePolicyName": "Microsoft.DefaultV2",
				"contentFilters": [
					{
						"name": "Hate",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Hate",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Sexual",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Sexual",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Violence",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Violence",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Selfharm",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "declared",
		},
	}
}

test_a_policy_on_its_own_passes if {
	deployment_severity_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"type": "UserManaged",
				"contentFilters": [
					{
						"name": "Hate",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Hate",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Sexual",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Sexual",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Violence",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Violence",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Selfharm",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
					{
						"name": "Selfharm",
						"source": "Completion",
						"enabled": true,
						"blocking": true,
						"severityThreshold": "Medium",
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_on_its_own_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged", "contentFilters": []}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_to_be_absent_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {"properties.raiPolicy": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_observed_deployment_without_a_policy_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_observed_policy_that_leaves_it_out_fails if {
	deployment_severity_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_by_name_only_is_unknown if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicyName": "Microsoft.DefaultV2",
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_template_without_a_policy_is_unknown if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_policy_that_the_source_does_not_tell_is_unknown if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {"properties.model": "observed"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	deployment_severity_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": "[parameters('setting')]"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_policy_of_the_platform_is_not_judged if {
	deployment_severity_filter.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"type": "SystemManaged", "contentFilters": []}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	deployment_severity_filter.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
