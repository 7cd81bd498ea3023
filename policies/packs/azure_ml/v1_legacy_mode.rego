# METADATA
# scope: package
# title: The workspace keeps the v1 API behind its network
# description: >-
#   V1 legacy mode of an Azure Machine Learning workspace is on, so that the older API, which
#   passes the public management plane, does not get around the isolation of the network.
# related_resources:
#   - ref: urn:azure:policy-definition:e413671a-dd10-4cc1-a943-45b598596cb7
#     description: Azure built-in policy, workspaces should enable V1LegacyMode
# custom:
#   severity: low
#   controls:
#     - mcsb/NS-2
#     - soc2/cc6.6
#   remediation: >-
#     Set v1LegacyMode to true while clients of the older API are in use.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - properties.v1LegacyMode
package muniment.azure_ml.v1_legacy_mode

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("v1 legacy mode is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.v1LegacyMode"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

compliant if text(input.configuration.properties.v1LegacyMode) == "true"

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.v1LegacyMode), "[")
} else := "the source does not tell v1LegacyMode" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_value if input.configuration.properties.v1LegacyMode != null

absent if {
	some path in {"properties", "properties.v1LegacyMode"}
	input.fields[path] == "absent"
}

# Azure takes a text for the boolean that it names, and the other way round.
text(value) := lower(value) if is_string(value)

text(value) := json.marshal(value) if is_boolean(value)
