# METADATA
# scope: package
# title: The AI services account refuses the public network
# description: >-
#   Public network access of an Azure AI services account (also Azure OpenAI) is disabled
#   explicitly. Where the property is absent the platform leaves access enabled, so absence
#   fails. Rules for chosen networks are not enough here; the policy network_restricted takes
#   them.
# related_resources:
#   - ref: urn:azure:policy-definition:47ba1dd7-28d9-4b07-a8d5-9813bed64e0c
#     description: Azure built-in policy, modifies accounts to disable public network access
#   - ref: urn:azure:policy-definition:0725b4dd-7e76-479c-a735-68e7ee23d5ca
#     description: >-
#       Azure built-in policy (deprecated), accounts should disable public network access
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set publicNetworkAccess of the account to Disabled, after a private endpoint is in place.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   reads:
#     - properties.publicNetworkAccess
#   modify:
#     - op: add
#       path: /properties/publicNetworkAccess
#       value: "Disabled"
package muniment.azure_ai.public_network_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("public network access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

compliant if text(setting) == "disabled"

setting := input.configuration.properties.publicNetworkAccess

doubt := "a value is a template expression, which only a deployment resolves" if {
	is_expression(setting)
} else := "the document does not tell this setting" if {
	not told
}

told if setting != null

told if absent(["properties", "properties.publicNetworkAccess"])

told if taken_whole

has_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# A document that was taken as it is: what it does not tell is judged as the platform would.
taken_whole if {
	not has_fields
	has_properties
}

absent(parts) if {
	some part in parts
	input.fields[part] == "absent"
}

is_expression(value) if startswith(text(value), "[")

text(value) := lower(value) if is_string(value)
