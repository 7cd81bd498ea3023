# METADATA
# scope: package
# title: Encryption settings of the AI services account name their key source
# description: >-
#   An Azure AI services account that has encryption settings says in them where the key comes
#   from. An account without settings passes: the platform encrypts it with keys of its own. The
#   Azure policy is deprecated for that reason; the policy customer_managed_key asks for more.
# related_resources:
#   - ref: urn:azure:policy-definition:2bdd0062-9d75-436e-89df-487dd8e4b3c7
#     description: Azure built-in policy (deprecated), accounts should enable data encryption
# custom:
#   severity: low
#   controls:
#     - mcsb/DP-4
#   remediation: >-
#     Set encryption.keySource to Microsoft.KeyVault or Microsoft.CognitiveServices, or remove
#     the encryption settings.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   reads:
#     - properties.encryption
#     - properties.encryption.keySource
package muniment.azure_ai.encryption_key_source

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the encryption settings name no key source")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.encryption.keySource"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

# Without settings the platform encrypts with keys of its own.
compliant if {
	not has_settings
	told_settings
}

compliant if {
	has_key_source
	not is_unresolved_source
}

has_settings if is_told(input.configuration.properties.encryption)

has_key_source if is_told(input.configuration.properties.encryption.keySource)

is_told(value) if value != null

is_unresolved_source if is_expression(input.configuration.properties.encryption.keySource)

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the encryption settings" if {
	not told_settings
} else := "the document does not tell the key source" if {
	not told_source
}

unresolved if is_expression(input.configuration.properties.encryption)

unresolved if is_unresolved_source

told_settings if input.configuration.properties.encryption != null

told_settings if absent(["properties", "properties.encryption"])

told_settings if taken_whole

told_source if absent(["properties.encryption.keySource"])

told_source if taken_whole

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
