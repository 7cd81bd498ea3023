# METADATA
# scope: package
# title: The bot is reached through a private endpoint
# description: >-
#   An Azure Bot Service resource has at least one private endpoint connection that its owner
#   approved. A template never lists connections, so a declared document alone is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:ad5621d6-a877-4407-aa93-a950b428315e
#     description: Azure built-in policy, bots should use private link
#   - ref: urn:azure:policy-definition:29261f8e-efdb-4255-95b8-8215414515d6
#     description: Azure built-in policy, deploys private endpoints for bots
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - soc2/cc6.1
#   remediation: >-
#     Create a private endpoint for the bot (subresources Bot and Token) and approve its
#     connection.
#   input_kinds:
#     - configuration/Microsoft.BotService/botServices
#   reads:
#     - properties.privateEndpointConnections
package muniment.azure_bot.private_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the bot is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if lower(input.resource.type) == "microsoft.botservice/botservices"

compliant if {
	is_array(connections)
	some connection in connections
	status(connection) == "approved"
}

connections := input.configuration.properties.privateEndpointConnections

status(connection) := text(connection.properties.privateLinkServiceConnectionState.status)

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell which connections exist" if {
	not told
}

unresolved if is_expression(connections)

unresolved if {
	is_array(connections)
	some connection in connections
	startswith(status(connection), "[")
}

told if connections != null

told if absent(["properties", "properties.privateEndpointConnections"])

told if observed_whole

has_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# The platform's own answer, taken as it is: what it leaves out is not there.
observed_whole if {
	not has_fields
	has_properties
	input.resource.provenance == "observed"
}

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
