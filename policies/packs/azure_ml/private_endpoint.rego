# METADATA
# scope: package
# title: The workspace is reached through a private endpoint
# description: >-
#   An Azure Machine Learning workspace has at least one private endpoint connection that its
#   owner approved, so that clients reach it without the public internet. Private endpoints
#   inside the managed network are outbound and do not count. A template never lists
#   connections, so a declared document alone is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:45e05259-1eb5-4f70-9574-baf73e9d219b
#     description: Azure built-in policy, workspaces should use private link
#   - ref: urn:azure:policy-definition:40cec1dd-a100-4920-b15b-3024fe8901ab
#     description: Azure built-in policy, its first version, deprecated
#   - ref: urn:azure:policy-definition:7838fd83-5cbb-4b5d-888c-bfa240972597
#     description: Azure built-in policy, the same as a deployment
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create a private endpoint for the workspace (subresource amlworkspace) and approve its
#     connection.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - properties.privateEndpointConnections
package muniment.azure_ml.private_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the workspace is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

compliant if {
	some connection in input.configuration.properties.privateEndpointConnections
	text(connection.properties.privateLinkServiceConnectionState.status) == "approved"
}

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "a declared document does not tell which connections exist" if {
	input.resource.provenance == "declared"
	not has_value
	not absent
} else := "the source does not tell which connections exist" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_value if is_array(input.configuration.properties.privateEndpointConnections)

absent if {
	some path in {"properties", "properties.privateEndpointConnections"}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
