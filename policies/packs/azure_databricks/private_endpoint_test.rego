package muniment.azure_databricks.private_endpoint_test

import data.muniment.azure_databricks.private_endpoint
import rego.v1

test_an_approved_connection_passes if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-1",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Approved"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_one_approved_connection_of_two_suffices if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-1",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Rejected"},
						},
					},
					{
						"name": "pe-2",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "approved"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_declared_source_that_lists_connections_is_judged if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-1",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Approved"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_pending_connection_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-1",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {"status": "Pending"},
						},
					},
				],
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_empty_list_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"properties": {"privateEndpointConnections": []}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_observed_resource_without_the_list_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.privateEndpointConnections": "absent"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_does_not_tell if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.publicNetworkAccess": "observed"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {"privateEndpointConnections": "[variables('connections')]"},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	private_endpoint.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
