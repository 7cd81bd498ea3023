# METADATA
# scope: package
# title: The search service is reached through a private endpoint
# description: >-
#   An Azure AI Search service has at least one private endpoint connection that its owner
#   approved. A template never lists connections, so a declared document alone is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:0fda3595-9f2b-4592-8675-4231d6fa82fe
#     description: Azure built-in policy, search services should use private link (deprecated)
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create a private endpoint for the service (subresource searchService) and approve its
#     connection.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.privateEndpointConnections
package muniment.azure_search.private_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the service is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if {
	some connection in setting
	text(connection.properties.privateLinkServiceConnectionState.status) == "approved"
}

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.privateEndpointConnections

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.privateEndpointConnections"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	has_properties
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

text(value) := lower(value) if is_string(value)
