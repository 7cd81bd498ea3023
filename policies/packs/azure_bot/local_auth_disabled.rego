# METADATA
# scope: package
# title: The bot accepts no keys
# description: >-
#   An Azure Bot Service resource accepts directory identities only; local authentication is
#   disabled. Where the property is absent the platform leaves it on, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:ffea632e-4e3a-4424-bf78-10e179bb2e1a
#     description: Azure built-in policy, bots should have local authentication disabled
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#     - soc2/cc6.1
#   remediation: >-
#     Move callers to directory identities, then set disableLocalAuth to true.
#   input_kinds:
#     - configuration/Microsoft.BotService/botServices
#   reads:
#     - properties.disableLocalAuth
#   modify:
#     - op: add
#       path: /properties/disableLocalAuth
#       value: true
package muniment.azure_bot.local_auth_disabled

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("access by key is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.disableLocalAuth"}

applies if lower(input.resource.type) == "microsoft.botservice/botservices"

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
