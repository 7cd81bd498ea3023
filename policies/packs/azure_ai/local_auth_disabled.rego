# METADATA
# scope: package
# title: The AI services account accepts no keys
# description: >-
#   An Azure AI services account accepts directory identities only; access by key is disabled.
# related_resources:
#   - ref: urn:azure:policy-definition:71ef260a-8f18-47b7-abcb-62d0673d94dc
#     description: Azure built-in policy, AI services resources should have key access disabled
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#   remediation: >-
#     Set disableLocalAuth to true and give callers a role on the account.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
package muniment.azure_ai.local_auth_disabled

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("access by key is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.disableLocalAuth"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

compliant if input.configuration.properties.disableLocalAuth == true

doubt := "the document has no properties" if {
	not has_properties
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.disableLocalAuth), "[")
}

has_properties if is_object(input.configuration.properties)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
