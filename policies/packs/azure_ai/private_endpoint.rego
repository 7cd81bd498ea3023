# METADATA
# scope: package
# title: AI services are reached through a private endpoint
# description: >-
#   An Azure AI services account or an Azure AI Search service has at least one private endpoint
#   connection that its owner approved, so that clients reach it without the public internet. A
#   template never lists connections, so a declared document alone is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:d6759c02-b87f-42b7-892e-71b3f471d782
#     description: Azure built-in policy, AI services resources should use private link
#   - ref: urn:azure:policy-definition:cddd188c-4b82-4c48-a19d-ddf74ee66a01
#     description: Azure built-in policy (deprecated), accounts should use private link
#   - ref: urn:azure:policy-definition:db630ad5-52e9-4f4d-9c44-53912fe40053
#     description: Azure built-in policy, deploys private endpoints for accounts
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.1
#   remediation: >-
#     Create a private endpoint for the resource (subresource account, or searchService) and
#     approve its connection.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.privateEndpointConnections
package muniment.azure_ai.private_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the resource is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if lower(input.resource.type) in ["microsoft.cognitiveservices/accounts", "microsoft.search/searchservices"]

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
