# METADATA
# scope: package
# title: A search service that refuses the public network has a private endpoint
# description: >-
#   An Azure AI Search service that refuses the public network has an approved private
#   endpoint connection; without one nobody reaches it, and somebody will open it again.
#   Services that are open, or of the free tier, are not judged.
# related_resources:
#   - ref: urn:azure:policy-definition:b698b005-b660-4837-b833-a7aaab26ddba
#     description: Azure built-in policy, search services with private endpoints, deployed by Azure
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Create a private endpoint for the service (subresource searchService) in the subnet of
#     its clients and approve its connection.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - sku.name
#     - properties.publicNetworkAccess
#     - properties.privateEndpointConnections
package muniment.azure_search.private_endpoint_when_closed

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the closed service is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if {
	lower(input.resource.type) == "microsoft.search/searchservices"
	not free
	not open
}

free if text(input.configuration.sku.name) == "free"

open if {
	has_access
	not closed
	not unresolved
}

unresolved if startswith(text(access), "[")

open if {
	not has_access
	absent("properties.publicNetworkAccess")
}

closed if text(access) == "disabled"

access := input.configuration.properties.publicNetworkAccess

has_access if access != null

compliant if {
	some connection in connections
	text(connection.properties.privateLinkServiceConnectionState.status) == "approved"
}

doubt := "the document does not tell whether the service is closed" if {
	not closed
} else := "the document does not tell the tier" if {
	not has_tier
	tells_fields
	not absent("sku.name")
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(connections), "[")
} else := "the document does not tell which connections exist" if {
	not has_connections
	not observed_without_connections
}

has_tier if input.configuration.sku.name != null

connections := input.configuration.properties.privateEndpointConnections

has_connections if connections != null

# A template never lists connections.
observed_without_connections if {
	absent("properties.privateEndpointConnections")
	input.resource.provenance == "observed"
}

observed_without_connections if {
	some path in around("properties.privateEndpointConnections")
	input.fields[path] == "absent"
}

# What the source would have told, had there been any.
absent(path) if {
	some above in around(path)
	input.fields[above] == "absent"
}

absent(_) if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

text(value) := lower(value) if is_string(value)
