# METADATA
# scope: package
# title: AI services accept no keys
# description: >-
#   An Azure AI services account or an Azure AI Search service accepts directory identities
#   only; access by key is disabled. Where the property is absent the platform accepts keys, so
#   absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:71ef260a-8f18-47b7-abcb-62d0673d94dc
#     description: Azure built-in policy, AI services resources should have key access disabled
#   - ref: urn:azure:policy-definition:14de9e63-1b31-492e-a5a3-c3f7fd57f555
#     description: Azure built-in policy, modifies accounts to disable local authentication
#   - ref: urn:azure:policy-definition:55eff01b-f2bd-4c32-9203-db285f709d30
#     description: Azure built-in policy, deploys accounts without key access
#   - ref: urn:azure:policy-definition:d45520cb-31ca-44ba-8da2-fcf914608544
#     description: Azure built-in policy, deploys search services without key access
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#     - eu-ai-act/art-15.5
#     - soc2/cc6.1
#   remediation: >-
#     Give callers a role on the resource, then set disableLocalAuth to true. A search service
#     must lose authOptions in the same change.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.disableLocalAuth
#   modify:
#     - op: add
#       path: /properties/disableLocalAuth
#       value: true
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

applies if lower(input.resource.type) in ["microsoft.cognitiveservices/accounts", "microsoft.search/searchservices"]

compliant if setting == true

compliant if text(setting) == "true"

setting := input.configuration.properties.disableLocalAuth

doubt := "a value is a template expression, which only a deployment resolves" if {
	is_expression(setting)
} else := "the document does not tell this setting" if {
	not told
}

told if setting != null

told if absent(["properties", "properties.disableLocalAuth"])

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
