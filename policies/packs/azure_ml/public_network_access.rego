# METADATA
# scope: package
# title: The workspace refuses the public network
# description: >-
#   Public network access of an Azure Machine Learning workspace is disabled explicitly. Where
#   the property is absent the platform leaves access enabled, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:438c38d2-3772-465a-a9cc-7a6666a275ce
#     description: Azure built-in policy, workspaces should disable public network access
#   - ref: urn:azure:policy-definition:a10ee784-7409-4941-b091-663697637c0f
#     description: Azure built-in policy, the same as a modification
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set publicNetworkAccess of the workspace to Disabled, after a private endpoint is in
#     place.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - properties.publicNetworkAccess
#   modify:
#     - op: add
#       path: /properties/publicNetworkAccess
#       value: Disabled
package muniment.azure_ml.public_network_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("public network access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

compliant if text(input.configuration.properties.publicNetworkAccess) == "disabled"

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.publicNetworkAccess), "[")
} else := "the source does not tell publicNetworkAccess" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_value if input.configuration.properties.publicNetworkAccess != null

absent if {
	some path in {"properties", "properties.publicNetworkAccess"}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
