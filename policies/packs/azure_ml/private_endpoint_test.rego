package muniment.azure_ml.private_endpoint_test

import data.muniment.azure_ml.private_endpoint
import rego.v1

test_an_approved_connection_passes if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
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
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_pending_connection_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
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
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_no_connection_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"properties": {"privateEndpointConnections": []}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_an_observed_workspace_without_the_list_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_outbound_private_endpoints_do_not_count if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [],
				"managedNetwork": {"outboundRules": {"store": {"type": "PrivateEndpoint"}}},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_does_not_tell if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"managedNetwork": {"outboundRules": {"store": {"type": "PrivateEndpoint"}}},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_no_properties_are_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
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

test_what_the_source_tells_is_judged if {
	private_endpoint.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"privateEndpointConnections": [
					{
						"name": "pe-assist",
						"properties": {
							"provisioningState": "Succeeded",
							"privateLinkServiceConnectionState": {
								"status": "Approved",
							},
						},
					},
				],
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.privateEndpointConnections": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	private_endpoint.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
			"properties.privateEndpointConnections": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	private_endpoint.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"publicNetworkAccess": "Disabled",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.publicNetworkAccess": "observed",
		},
	}
}
