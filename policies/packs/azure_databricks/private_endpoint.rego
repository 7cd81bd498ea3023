# METADATA
# scope: package
# title: The Databricks workspace is reached through a private endpoint
# description: >-
#   An Azure Databricks workspace has at least one private endpoint connection that its owner
#   approved. A template never lists connections, so a declared document alone is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:258823f2-4595-4b52-b333-cc96192710d8
#     description: Azure built-in policy, Databricks workspaces should use private link
#   - ref: urn:azure:policy-definition:09210db3-d32c-4b2b-b4e1-f72ae920eb11
#     description: Azure built-in policy, the same, deployed by Azure
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create a private endpoint for the workspace (subresource databricks_ui_api) and approve
#     its connection.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   reads:
#     - properties.privateEndpointConnections
package muniment.azure_databricks.private_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no private endpoint connection of the workspace is approved")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.privateEndpointConnections"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

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
