package muniment.azure_search.private_endpoint_when_closed_test

import data.muniment.azure_search.private_endpoint_when_closed
import rego.v1

test_a_closed_service_with_an_approved_connection_passes if {
	private_endpoint_when_closed.verdict.state == "pass" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {
				"publicNetworkAccess": "Disabled",
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
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_closed_service_without_connections_fails if {
	private_endpoint_when_closed.verdict.state == "fail" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {
				"publicNetworkAccess": "Disabled",
				"privateEndpointConnections": [],
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_pending_connection_fails if {
	private_endpoint_when_closed.verdict.state == "fail" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {
				"publicNetworkAccess": "disabled",
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
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	private_endpoint_when_closed.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Disabled"}},
		"fields": {
			"sku.name": "absent",
			"properties.publicNetworkAccess": "observed",
			"properties.privateEndpointConnections": "absent",
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_open_service_is_not_judged if {
	private_endpoint_when_closed.verdict.state == "not_applicable" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {"publicNetworkAccess": "Enabled"},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_unstated_access_is_open if {
	private_endpoint_when_closed.verdict.state == "not_applicable" with input as {
		"configuration": {"sku": {"name": "standard"}, "properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_the_free_tier_is_not_judged if {
	private_endpoint_when_closed.verdict.state == "not_applicable" with input as {
		"configuration": {
			"sku": {"name": "free"},
			"properties": {"publicNetworkAccess": "Disabled"},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_does_not_tell_the_connections if {
	private_endpoint_when_closed.verdict.state == "unknown" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {"publicNetworkAccess": "Disabled"},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_access_that_the_source_cannot_tell_is_unknown if {
	private_endpoint_when_closed.verdict.state == "unknown" with input as {
		"configuration": {"sku": {"name": "standard"}, "properties": {}},
		"fields": {
			"sku.name": "observed",
			"properties.privateEndpointConnections": "absent",
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_tier_that_the_source_cannot_tell_is_unknown if {
	private_endpoint_when_closed.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Disabled"}},
		"fields": {
			"properties.publicNetworkAccess": "observed",
			"properties.privateEndpointConnections": "absent",
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	private_endpoint_when_closed.verdict.state == "unknown" with input as {
		"configuration": {
			"sku": {"name": "standard"},
			"properties": {"publicNetworkAccess": "[parameters('access')]"},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	private_endpoint_when_closed.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
