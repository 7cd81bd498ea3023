# METADATA
# scope: package
# title: Clusters have no public addresses
# description: >-
#   Clusters of an Azure Databricks workspace get no public addresses (secure cluster
#   connectivity). Azure asks for the parameter to be stated; its default has changed over
#   time, so a template that leaves it out is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:51c1490f-3319-459c-bbbc-7f391bbed753
#     description: Azure built-in policy, Databricks clusters should disable public IP
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set the workspace parameter enableNoPublicIp to true; running clusters must be
#     restarted.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   reads:
#     - properties.parameters.enableNoPublicIp.value
#   modify:
#     - op: add
#       path: /properties/parameters/enableNoPublicIp
#       value: {"value": true}
package muniment.azure_databricks.no_public_ip

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("clusters may have public addresses")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.parameters.enableNoPublicIp.value"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

compliant if is_on(setting)

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.parameters.enableNoPublicIp.value

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.parameters", "properties.parameters.enableNoPublicIp", "properties.parameters.enableNoPublicIp.value"]
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

# Templates often write switches as text.
is_on(value) if value == true

is_on(value) if text(value) == "true"
