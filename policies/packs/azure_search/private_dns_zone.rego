# METADATA
# scope: package
# title: Private endpoints of the search service resolve in a private zone
# description: >-
#   A private endpoint that leads to an Azure AI Search service has a group of private DNS
#   zones, so that its name resolves to the private address. Endpoints of other services are
#   not judged.
# related_resources:
#   - ref: urn:azure:policy-definition:fbc14a67-53e4-4932-abcc-2049c6706009
#     description: Azure built-in policy, search services with private DNS zones, deployed by Azure
# custom:
#   severity: low
#   controls:
#     - mcsb/NS-2
#   remediation: >-
#     Link the private endpoint with the zone privatelink.search.windows.net in a private DNS
#     zone group.
#   input_kinds:
#     - configuration/Microsoft.Network/privateEndpoints
#   reads:
#     - properties.privateLinkServiceConnections
#     - privateDnsZoneGroups
package muniment.azure_search.private_dns_zone

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the private endpoint has no group of private DNS zones")]}

finding(msg) := {"msg": msg, "path": "configuration.privateDnsZoneGroups"}

applies if {
	lower(input.resource.type) == "microsoft.network/privateendpoints"
	not leads_elsewhere
}

leads_here if {
	some connection in connections
	some group in connection.properties.groupIds
	text(group) == "searchservice"
}

unresolved if {
	some connection in connections
	some group in connection.properties.groupIds
	startswith(text(group), "[")
}

unresolved if {
	some connection in connections
	startswith(text(connection.properties.groupIds), "[")
}

leads_elsewhere if {
	is_array(connections)
	not leads_here
	not unresolved
}

leads_elsewhere if {
	not has_connections
	absent("properties.privateLinkServiceConnections")
}

connections := input.configuration.properties.privateLinkServiceConnections

has_connections if connections != null

compliant if {
	leads_here
	some group in groups
	is_object(group)
}

doubt := "the document does not tell what the private endpoint leads to" if {
	not leads_here
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(groups), "[")
} else := "the document does not tell which zone groups exist" if {
	not has_groups
	not without_groups
}

groups := input.configuration.privateDnsZoneGroups

has_groups if groups != null

# A group is a resource of its own: a document of the endpoint alone does not tell.
without_groups if input.fields.privateDnsZoneGroups == "absent"

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
