package muniment.azure_ai.deployment_content_filter_test

import data.muniment.azure_ai.deployment_content_filter
import rego.v1

test_all_required_filters_pass if {
	deployment_content_filter.verdict.state == "pass" with input as {
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
						{
							"name": "Jailbreak",
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

test_the_required_filters_can_be_chosen if {
	deployment_content_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"name": "assist",
					"contentFilters": [
						{
							"name": "Jailbreak",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {"required_filters": [{"name": "Jailbreak", "source": "prompt"}]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_filter_that_does_not_block_fails if {
	deployment_content_filter.verdict.state == "fail" with input as {
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
						{
							"name": "Jailbreak",
							"source": "Prompt",
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

test_no_filters_fail if {
	deployment_content_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist", "contentFilters": []},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_required_filters_of_the_wrong_type_are_not_taken if {
	deployment_content_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist", "contentFilters": []},
			},
		},
		"parameters": {"required_filters": "none"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_by_name_only_is_unknown if {
	deployment_content_filter.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"raiPolicyName": "Microsoft.DefaultV2"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	deployment_content_filter.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
