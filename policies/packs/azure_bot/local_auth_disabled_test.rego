package muniment.azure_bot.local_auth_disabled_test

import data.muniment.azure_bot.local_auth_disabled
import rego.v1

test_a_switch_that_is_on_passes if {
	local_auth_disabled.verdict.state == "pass" with input as {
		"configuration": {"kind": "azurebot", "properties": {"disableLocalAuth": true}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_switch_that_is_written_as_text_passes if {
	local_auth_disabled.verdict.state == "pass" with input as {
		"configuration": {"kind": "azurebot", "properties": {"disableLocalAuth": "True"}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_a_switch_that_is_off_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {"disableLocalAuth": false}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_absence_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_absence_in_a_template_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_a_field_known_to_be_absent_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {"properties.disableLocalAuth": "absent"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_a_field_that_the_source_does_not_tell_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {
			"properties.publicNetworkAccess": "declared",
			"properties.other": "absent",
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_a_value_that_the_list_of_fields_leaves_out_is_judged if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {"disableLocalAuth": false}},
		"fields": {},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"disableLocalAuth": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	local_auth_disabled.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
