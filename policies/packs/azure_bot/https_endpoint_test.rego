package muniment.azure_bot.https_endpoint_test

import data.muniment.azure_bot.https_endpoint
import rego.v1

test_an_https_address_passes if {
	https_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"endpoint": "https://assist.example.com/api/messages"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	https_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"endpoint": "HTTPS://assist.example.com/api/messages"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_http_address_fails if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"endpoint": "http://assist.example.com/api/messages"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_https_address_further_on_fails if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {
				"endpoint": "http://proxy.example.com/?to=https://assist.example.com",
			},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_empty_endpoint_fails if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {"endpoint": ""}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_absence_fails if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_endpoint_known_to_be_absent_fails if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {"properties.endpoint": "absent"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_endpoint_that_the_source_does_not_tell_is_unknown if {
	https_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {"properties.isCmekEnabled": "declared", "properties.other": "absent"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_an_address_that_the_list_of_fields_leaves_out_is_judged if {
	https_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"endpoint": "http://assist.example.com"},
		},
		"fields": {},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_no_properties_are_unknown if {
	https_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	https_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"endpoint": "[concat('https://', parameters('host'))]"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	https_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
