package muniment.azure_ai.deployment_prompt_filter_test

import data.muniment.azure_ai.deployment_prompt_filter
import rego.v1

filter(name, source) := {
	"name": name,
	"source": source,
	"enabled": true,
	"blocking": true,
	"severityThreshold": "Medium",
}

test_the_wanted_filter_passes if {
	deployment_prompt_filter.verdict.state == "pass" with input as {
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

test_a_filter_that_marks_alone_can_be_allowed if {
	deployment_prompt_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Indirect Attack",
							"source": "Prompt",
							"enabled": true,
							"blocking": false,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"parameters": {
			"filter_names": ["Indirect Attack"],
			"allowed_blocking_for_prompt": [true, false],
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_switches_written_as_text_pass if {
	deployment_prompt_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "jailbreak",
							"source": "prompt",
							"enabled": "True",
							"blocking": "true",
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
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
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

test_a_filter_that_is_off_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Jailbreak",
							"source": "Prompt",
							"enabled": false,
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

test_a_filter_of_completions_does_not_count if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": [filter("Jailbreak", "Completion")]},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_each_wanted_filter_is_needed if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Jailbreak",
							"source": "Prompt",
							"enabled": true,
							"blocking": true,
						},
					],
				},
			},
		},
		"parameters": {"filter_names": ["Jailbreak", "Profanity"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_names_of_the_wrong_type_are_not_taken if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": []},
			},
		},
		"parameters": {"filter_names": "none"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_no_filters_fail if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
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

test_a_declared_policy_that_weakens_a_filter_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"basePolicyName": "Microsoft.DefaultV2",
				"contentFilters": [
					{
						"name": "Jailbreak",
						"source": "Prompt",
						"enabled": false,
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

test_an_unresolved_switch_is_unknown if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {
					"contentFilters": [
						{
							"name": "Jailbreak",
							"source": "Prompt",
							"enabled": "[parameters('setting')]",
							"blocking": true,
							"severityThreshold": "Medium",
						},
					],
				},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_declared_policy_may_take_a_filter_from_its_base if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"basePolicyName": "Microsoft.DefaultV2",
				"contentFilters": [filter("Hate", "Prompt")],
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "declared",
		},
	}
}

test_a_declared_policy_without_a_base_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {"properties": {"contentFilters": [filter("Hate", "Prompt")]}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "declared",
		},
	}
}

test_an_observed_policy_lists_all_that_it_takes_from_its_base if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"basePolicyName": "Microsoft.DefaultV2",
				"contentFilters": [filter("Hate", "Prompt")],
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_filter_that_is_too_weak_fails_whatever_the_base_has if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"basePolicyName": "Microsoft.DefaultV2",
				"contentFilters": [
					{
						"name": "Profanity",
						"source": "Prompt",
						"enabled": false,
						"blocking": true,
						"severityThreshold": "Medium",
					},
				],
			},
		},
		"parameters": {"filter_names": ["Jailbreak", "Profanity"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "declared",
		},
	}
}

test_names_that_are_no_text_are_not_taken if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": []},
			},
		},
		"parameters": {"filter_names": [7]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_names_by_key_are_not_taken if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": [filter("Profanity", "Prompt")]},
			},
		},
		"parameters": {"filter_names": {"first": "Profanity"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_filter_is_unknown if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": ["[parameters('setting')]"]},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_policy_on_its_own_passes if {
	deployment_prompt_filter.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"type": "UserManaged",
				"contentFilters": [
					{
						"name": "Jailbreak",
						"source": "Prompt",
						"enabled": true,
						"blocking": true,
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
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged", "contentFilters": []}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_to_be_absent_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
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
	deployment_prompt_filter.verdict.state == "fail" with input as {
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
	deployment_prompt_filter.verdict.state == "fail" with input as {
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

test_a_policy_on_its_own_known_to_be_absent_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged"}},
		"fields": {"properties.contentFilters": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_part_known_to_be_absent_fails if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist"},
			},
		},
		"fields": {"properties.raiPolicy.contentFilters": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_value_that_the_list_of_fields_leaves_out_is_judged if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"contentFilters": []},
			},
		},
		"fields": {},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_another_absent_part_does_not_tell if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {"properties.other": "absent", "properties.contentFilters": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_another_absent_part_of_a_policy_on_its_own_does_not_tell if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"type": "UserManaged"}},
		"fields": {
			"properties.other": "absent",
			"properties.raiPolicy.contentFilters": "absent",
			"properties.raiPolicy": "absent",
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_policy_is_unknown if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_no_properties_are_unknown if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_policy_that_is_there_is_judged_whatever_its_name if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist"},
				"raiPolicyName": "assist",
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_the_name_of_another_policy_does_not_excuse_one_on_its_own if {
	deployment_prompt_filter.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged", "raiPolicyName": "assist"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_by_name_only_is_unknown if {
	deployment_prompt_filter.verdict.state == "unknown" with input as {
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
	deployment_prompt_filter.verdict.state == "unknown" with input as {
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
	deployment_prompt_filter.verdict.state == "unknown" with input as {
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
	deployment_prompt_filter.verdict.state == "unknown" with input as {
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
	deployment_prompt_filter.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"type": "SystemManaged", "contentFilters": []}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	deployment_prompt_filter.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
