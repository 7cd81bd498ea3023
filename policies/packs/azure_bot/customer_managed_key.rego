# METADATA
# scope: package
# title: The bot encrypts with a key of the customer
# description: >-
#   An Azure Bot Service resource encrypts its data with a key from the customer's own vault.
#   Without the setting the platform uses keys of its own, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:51522a96-0869-4791-82f3-981000c2c67f
#     description: Azure built-in policy, bots should be encrypted with a customer-managed key
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - soc2/cc6.1
#   remediation: >-
#     Give the bot service access to a key vault, and set cmekKeyVaultUrl and isCmekEnabled.
#   input_kinds:
#     - configuration/Microsoft.BotService/botServices
#   reads:
#     - properties.isCmekEnabled
package muniment.azure_bot.customer_managed_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the data of the bot is not encrypted with a key of the customer")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.isCmekEnabled"}

applies if lower(input.resource.type) == "microsoft.botservice/botservices"

compliant if setting == true

compliant if text(setting) == "true"

setting := input.configuration.properties.isCmekEnabled

doubt := "a value is a template expression, which only a deployment resolves" if {
	is_expression(setting)
} else := "the document does not tell this setting" if {
	not told
}

told if setting != null

told if absent(["properties", "properties.isCmekEnabled"])

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
