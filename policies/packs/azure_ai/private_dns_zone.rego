# METADATA
# scope: package
# title: Private endpoints of AI services resolve by a private DNS zone
# description: >-
#   A private endpoint that leads to an Azure AI services account (group account) has a private
#   DNS zone group, so that the name of the account resolves to its private address. As with the
#   Azure policy, any zone group counts, whichever zones it names. Zone groups are resources of
#   their own: a document that comes without them does not tell, and is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:c4bc6f10-cb41-49eb-b000-d5ab82e2a091
#     description: Azure built-in policy, deploys private DNS zone groups for accounts
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - mcsb/NS-10
#   remediation: >-
#     Add a privateDnsZoneGroups resource to the private endpoint with the zone
#     privatelink.cognitiveservices.azure.com, or privatelink.openai.azure.com for Azure OpenAI.
#   input_kinds:
#     - configuration/Microsoft.Network/privateEndpoints
#   reads:
#     - properties.privateLinkServiceConnections
#     - privateDnsZoneGroups
package muniment.azure_ai.private_dns_zone

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not is_endpoint
} else := {"state": "pass", "findings": []} if {
	serves
	has_zone_group
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the private endpoint has no private DNS zone group")]} if {
	serves
} else := {"state": "not_applicable", "findings": []} if {
	not serves
}

finding(msg) := {"msg": msg, "path": "configuration.privateDnsZoneGroups"}

is_endpoint if lower(input.resource.type) == "microsoft.network/privateendpoints"

# One connection leads to an AI services account, and all its groups are account.
serves if {
	is_array(connections)
	some connection in connections
	leads(connection)
	not has_other_group(connection)
}

connections := input.configuration.properties.privateLinkServiceConnections

# A template names the type inside an expression, so this holds before it is resolved.
leads(connection) if contains(text(connection.properties.privateLinkServiceId), "microsoft.cognitiveservices/accounts")

has_other_group(connection) if {
	is_array(connection.properties.groupIds)
	some group in connection.properties.groupIds
	not is_wanted(group)
}

has_other_group(connection) if is_expression(connection.properties.groupIds)

is_wanted(group) if text(group) == "account"

has_zone_group if {
	is_array(zone_groups)
	some zone_group in zone_groups
	is_object(zone_group)
}

zone_groups := input.configuration.privateDnsZoneGroups

doubt := "the document does not tell what the private endpoint leads to" if {
	not serves
	may_serve
} else := "a value is a template expression, which only a deployment resolves" if {
	serves
	is_expression(zone_groups)
} else := "the document does not tell the DNS zone groups of the private endpoint" if {
	serves
	not told_groups
}

may_serve if not told_connections

may_serve if is_expression(connections)

may_serve if {
	is_array(connections)
	some connection in connections
	may_lead(connection)
	may_have_group(connection)
}

may_lead(connection) if leads(connection)

may_lead(connection) if is_expression(connection.properties.privateLinkServiceId)

may_have_group(connection) if not has_other_group(connection)

may_have_group(connection) if is_expression(connection.properties.groupIds)

may_have_group(connection) if {
	is_array(connection.properties.groupIds)
	some group in connection.properties.groupIds
	is_expression(group)
}

told_connections if connections != null

told_connections if absent(["properties", "properties.privateLinkServiceConnections"])

told_connections if taken_whole

# A zone group is a resource of its own: a document of the endpoint alone does not tell.
told_groups if zone_groups != null

told_groups if absent(["privateDnsZoneGroups"])

has_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# A document that was taken as it is: what it does not tell is judged as the platform would.
taken_whole if {
	not has_fields
	has_properties
}

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
