# METADATA
# scope: package
# title: The workspace refuses the public network
# description: >-
#   Public network access of an Azure Machine Learning workspace is disabled explicitly. Where
#   the property is absent the platform leaves access enabled, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:438c38d2-3772-465a-a9cc-7a6666a275ce
#     description: Azure built-in policy, workspaces should disable public network access
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Set publicNetworkAccess of the workspace to Disabled, after a private endpoint is in
#     place.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
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
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.publicNetworkAccess), "[")
}

has_properties if is_object(input.configuration.properties)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
