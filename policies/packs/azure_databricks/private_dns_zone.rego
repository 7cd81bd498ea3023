# METADATA
# scope: package
# title: Private endpoints of the Databricks workspace resolve in a private zone
# description: >-
#   A private endpoint that leads to an Azure Databricks workspace, for the chosen
#   subresource, has a group of private DNS zones, so that its name resolves to the private
#   address. Endpoints of other services are not judged.
# related_resources:
#   - ref: urn:azure:policy-definition:0eddd7f3-3d9b-4927-a07a-806e8ac9486c
#     description: Azure built-in policy, Databricks workspaces with private DNS zones, deployed by Azure
# custom:
#   severity: low
#   controls:
#     - mcsb/NS-2
#   remediation: >-
#     Link the private endpoint with the zone privatelink.azuredatabricks.net in a private DNS
#     zone group.
#   input_kinds:
#     - configuration/Microsoft.Network/privateEndpoints
#   parameters:
#     group_id:
#       description: >-
#         Subresource of the endpoint, databricks_ui_api or browser_authentication; by default
#         the first.
#       schema:
#         enum: ["databricks_ui_api", "browser_authentication"]
#   reads:
#     - properties.privateLinkServiceConnections
#     - privateDnsZoneGroups
package muniment.azure_databricks.private_dns_zone

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
	contains(text(connection.properties.privateLinkServiceId), "microsoft.databricks/workspaces")
	count(other_groups(connection)) == 0
}

other_groups(connection) := [group |
	some group in connection.properties.groupIds
	not is_chosen(group)
]

is_chosen(group) if text(group) == lower(group_id)

default group_id := "databricks_ui_api"

group_id := input.parameters.group_id if is_string(input.parameters.group_id)

# A resourceId(…) names its type; other expressions do not tell.
unresolved if {
	some connection in connections
	startswith(text(connection.properties.privateLinkServiceId), "[")
	not names_a_type(connection)
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

names_a_type(connection) if contains(text(connection.properties.privateLinkServiceId), "'microsoft.")

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
