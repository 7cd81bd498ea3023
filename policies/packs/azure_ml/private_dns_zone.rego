# METADATA
# scope: package
# title: Private endpoints of workspaces have a private DNS zone
# description: >-
#   A private endpoint for an Azure Machine Learning workspace (subresource amlworkspace) has a
#   private DNS zone group, so that the name of the workspace resolves to the private address.
# related_resources:
#   - ref: urn:azure:policy-definition:ee40564d-486e-4f68-a5ca-7a621edae0fb
#     description: Azure built-in policy, workspaces with private DNS zones
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - mcsb/NS-10
#   remediation: >-
#     Add a private DNS zone group to the endpoint with the zones privatelink.api.azureml.ms and
#     privatelink.notebooks.azure.net.
#   input_kinds:
#     - configuration/Microsoft.Network/privateEndpoints
#   reads:
#     - properties.privateLinkServiceConnections
#     - privateDnsZoneGroups
package muniment.azure_ml.private_dns_zone

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the private endpoint has no private DNS zone group")]}

finding(msg) := {"msg": msg, "path": "configuration.privateDnsZoneGroups"}

applies if {
	lower(input.resource.type) == "microsoft.network/privateendpoints"
	not is_for_another
}

is_for_workspace if {
	some connection in input.configuration.properties.privateLinkServiceConnections
	some group in connection.properties.groupIds
	text(group) == "amlworkspace"
}

is_for_another if {
	has_connections
	not is_for_workspace
	not is_expression
}

is_for_another if connections_absent

# What the platform answers without connections serves no workspace.
is_for_another if {
	input.resource.provenance == "observed"
	not has_fields
	not has_connections
}

is_expression if {
	some connection in input.configuration.properties.privateLinkServiceConnections
	some group in connection.properties.groupIds
	startswith(text(group), "[")
}

has_fields if is_object(input.fields)

has_connections if input.configuration.properties.privateLinkServiceConnections != null

connections_absent if {
	some path in {"properties", "properties.privateLinkServiceConnections"}
	input.fields[path] == "absent"
}

compliant if {
	is_for_workspace
	some group in input.configuration.privateDnsZoneGroups
	is_object(group)
}

doubt := "the document does not tell what the private endpoint is for" if {
	not is_for_workspace
} else := "the document does not come with the DNS zone groups of the endpoint" if {
	not has_groups
	not groups_absent
}

has_groups if is_array(input.configuration.privateDnsZoneGroups)

groups_absent if input.fields.privateDnsZoneGroups == "absent"

text(value) := lower(value) if is_string(value)
