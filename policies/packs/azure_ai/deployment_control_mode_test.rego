package muniment.azure_ai.deployment_control_mode_test

import data.muniment.azure_ai.deployment_control_mode
import rego.v1

test_the_default_mode_passes if {
	deployment_control_mode.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist", "mode": "Default"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_the_case_of_letters_does_not_matter if {
	deployment_control_mode.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "asynchronous_filter"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_another_mode_fails if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "Deferred"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_mode_can_be_refused if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "Asynchronous_filter"},
			},
		},
		"parameters": {"allowed_modes": ["Default"]},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_modes_of_the_wrong_type_are_not_taken if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "Deferred"},
			},
		},
		"parameters": {"allowed_modes": "Deferred"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_policy_on_its_own_passes if {
	deployment_control_mode.verdict.state == "pass" with input as {
		"configuration": {"properties": {"type": "UserManaged", "mode": "Default"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_on_its_own_fails if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged", "mode": "Deferred"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_to_be_absent_fails if {
	deployment_control_mode.verdict.state == "fail" with input as {
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
	deployment_control_mode.verdict.state == "fail" with input as {
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
	deployment_control_mode.verdict.state == "fail" with input as {
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
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged"}},
		"fields": {"properties.mode": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_part_known_to_be_absent_fails if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"name": "assist"},
			},
		},
		"fields": {"properties.raiPolicy.mode": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_value_that_the_list_of_fields_leaves_out_is_judged if {
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "Deferred"},
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
	deployment_control_mode.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
			},
		},
		"fields": {"properties.other": "absent", "properties.mode": "absent"},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_another_absent_part_of_a_policy_on_its_own_does_not_tell if {
	deployment_control_mode.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"type": "UserManaged"}},
		"fields": {
			"properties.other": "absent",
			"properties.raiPolicy.mode": "absent",
			"properties.raiPolicy": "absent",
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_an_unresolved_policy_is_unknown if {
	deployment_control_mode.verdict.state == "unknown" with input as {
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
	deployment_control_mode.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "observed",
		},
	}
}

test_a_policy_that_is_there_is_judged_whatever_its_name if {
	deployment_control_mode.verdict.state == "fail" with input as {
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
	deployment_control_mode.verdict.state == "fail" with input as {
		"configuration": {"properties": {"type": "UserManaged", "raiPolicyName": "assist"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_a_policy_known_by_name_only_is_unknown if {
	deployment_control_mode.verdict.state == "unknown" with input as {
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
	deployment_control_mode.verdict.state == "unknown" with input as {
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
	deployment_control_mode.verdict.state == "unknown" with input as {
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
	deployment_control_mode.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"model": {"format": "OpenAI", "name": "chat-large", "version": "2"},
				"raiPolicy": {"mode": "[parameters('setting')]"},
			},
		},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/deployments",
			"provenance": "declared",
		},
	}
}

test_a_policy_of_the_platform_is_not_judged if {
	deployment_control_mode.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"type": "SystemManaged", "mode": "Deferred"}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts/raiPolicies",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	deployment_control_mode.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
