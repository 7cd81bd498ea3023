# METADATA
# scope: package
# title: The Databricks workspace refuses the public network
# description: >-
#   Public network access of an Azure Databricks workspace is disabled explicitly. Where the
#   property is absent the platform leaves access enabled, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:0e7849de-b939-4c50-ab48-fc6b0f5eeba2
#     description: Azure built-in policy, Databricks workspaces should disable public network access
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create private endpoints for the workspace, then set publicNetworkAccess to Disabled and
#     requiredNsgRules to NoAzureDatabricksRules.
#   input_kinds:
#     - configuration/Microsoft.Databricks/workspaces
#   reads:
#     - properties.publicNetworkAccess
#   modify:
#     - op: add
#       path: /properties/publicNetworkAccess
#       value: Disabled
package muniment.azure_databricks.public_network_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("public network access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if lower(input.resource.type) == "microsoft.databricks/workspaces"

compliant if text(setting) == "disabled"

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.publicNetworkAccess

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.publicNetworkAccess"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

text(value) := lower(value) if is_string(value)
