# METADATA
# scope: package
# title: The AI services account has storage of its owner, or names its key source
# description: >-
#   An Azure AI services account either keeps its data in storage of its owner, or has
#   encryption settings that say where the key comes from, or has no such settings, in which
#   case the platform encrypts with keys of its own. The Azure policy is deprecated;
#   owned_storage and customer_managed_key ask for more.
# related_resources:
#   - ref: urn:azure:policy-definition:11566b39-f7f7-4b82-ab06-68d8700eb0a4
#     description: >-
#       Azure built-in policy (deprecated), accounts should use customer-owned storage or data
#       encryption
# custom:
#   severity: low
#   controls:
#     - mcsb/DP-4
#   remediation: >-
#     Add a storage account under userOwnedStorage, or set encryption.keySource.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   reads:
#     - properties.userOwnedStorage
#     - properties.encryption
#     - properties.encryption.keySource
package muniment.azure_ai.owned_storage_or_key_source

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the account has neither storage of its owner nor encryption settings that name a key source")]}

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

compliant if {
	is_array(storage)
	count(storage) > 0
}

storage := input.configuration.properties.userOwnedStorage

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
} else := "the document does not tell the storage of the account" if {
	not told_storage
}

told_storage if storage != null

told_storage if absent(["properties", "properties.userOwnedStorage"])

told_storage if taken_whole

unresolved if is_expression(input.configuration.properties.encryption)

unresolved if is_unresolved_source

unresolved if is_expression(storage)

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
