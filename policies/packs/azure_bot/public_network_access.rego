# METADATA
# scope: package
# title: The bot is isolated from the public network
# description: >-
#   Public network access of an Azure Bot Service resource is disabled explicitly, which is its
#   isolated mode: channels that need the public internet stop. Where the property is absent the
#   platform leaves access enabled, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:5e8168db-69e3-4beb-9822-57cb59202a9d
#     description: Azure built-in policy, bots should have public network access disabled
#   - ref: urn:azure:policy-definition:52152f42-0dda-40d9-976e-abb1acdd611e
#     description: Azure built-in policy, bots should have isolated mode enabled
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - soc2/cc6.6
#   remediation: >-
#     Put private endpoints in place for the bot, then set publicNetworkAccess to Disabled.
#   input_kinds:
#     - configuration/Microsoft.BotService/botServices
#   reads:
#     - properties.publicNetworkAccess
#   modify:
#     - op: add
#       path: /properties/publicNetworkAccess
#       value: "Disabled"
package muniment.azure_bot.public_network_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the bot is not in isolated mode: public network access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if lower(input.resource.type) == "microsoft.botservice/botservices"

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
