# METADATA
# scope: package
# title: The bot's endpoint is an HTTPS address
# description: >-
#   The messaging endpoint of an Azure Bot Service resource is an address that starts with
#   https://, so that messages travel encrypted. A bot without an endpoint fails, as with the
#   Azure policy.
# related_resources:
#   - ref: urn:azure:policy-definition:6164527b-e1ee-4882-8673-572f425f5e0a
#     description: Azure built-in policy, the endpoint of a bot should be a valid HTTPS URI
# custom:
#   severity: high
#   controls:
#     - mcsb/DP-3
#     - soc2/cc6.7
#   remediation: >-
#     Set endpoint to the HTTPS address of the bot's application.
#   input_kinds:
#     - configuration/Microsoft.BotService/botServices
#   reads:
#     - properties.endpoint
package muniment.azure_bot.https_endpoint

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the endpoint of the bot is no HTTPS address")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.endpoint"}

applies if lower(input.resource.type) == "microsoft.botservice/botservices"

compliant if startswith(text(setting), "https://")

setting := input.configuration.properties.endpoint

doubt := "a value is a template expression, which only a deployment resolves" if {
	is_expression(setting)
} else := "the document does not tell this setting" if {
	not told
}

told if setting != null

told if absent(["properties", "properties.endpoint"])

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
