package muniment.azure_bot.private_endpoint_test

import data.muniment.azure_bot.private_endpoint
import rego.v1

test_one_approved_connection_passes if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Pending"},
						},
					},
					{
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Approved"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_pending_connection_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Pending"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_no_connection_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {"privateEndpointConnections": []}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_observed_resource_without_the_list_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_list_known_to_be_absent_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {"properties.privateEndpointConnections": "absent"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_template_does_not_tell if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_a_list_that_the_source_does_not_tell_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot", "properties": {}},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_a_list_that_the_list_of_fields_leaves_out_is_judged if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"kind": "azurebot", "properties": {"privateEndpointConnections": []}},
		"fields": {},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_what_is_no_list_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {
				"privateEndpointConnections": {
					"first": {
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Approved"},
						},
					},
				},
			},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_unresolved_list_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {"privateEndpointConnections": "[parameters('setting')]"},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"kind": "azurebot"},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "observed"},
	}
}

test_an_unresolved_status_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "azurebot",
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {
								"status": "[parameters('setting')]",
							},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.BotService/botServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	private_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
