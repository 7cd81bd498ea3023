# METADATA
# scope: package
# title: The AI services account restricts who may connect
# description: >-
#   An Azure AI services account (also Azure OpenAI) either refuses the public network or
#   denies it by default and lets in named networks.
# related_resources:
#   - ref: urn:azure:policy-definition:037eea7a-bd0a-46c5-9a66-03aea78705d3
#     description: Azure built-in policy, AI services resources should restrict network access
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Set publicNetworkAccess to Disabled, or networkAcls.defaultAction to Deny with rules for
#     the networks that are needed.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
package muniment.azure_ai.network_restricted

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("every network may connect to the account")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.networkAcls.defaultAction"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

compliant if text(input.configuration.properties.publicNetworkAccess) == "disabled"

compliant if text(input.configuration.properties.networkAcls.defaultAction) == "deny"

doubt := "the document has no properties" if {
	not has_properties
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.publicNetworkAccess), "[")
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.networkAcls.defaultAction), "[")
}

has_properties if is_object(input.configuration.properties)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
