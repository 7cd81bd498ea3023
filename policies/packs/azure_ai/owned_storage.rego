# METADATA
# scope: package
# title: The AI services account keeps its data in storage of its owner
# description: >-
#   An Azure AI services account that can keep data at rest in a storage account of its owner
#   does so. Whether it can is told by the capability CustomerManagedStorage, which only the
#   platform lists: accounts without it are not judged, and a template is unknown unless it
#   names the storage.
# related_resources:
#   - ref: urn:azure:policy-definition:46aa9b05-0e60-4eae-a88b-1e9d374fa515
#     description: Azure built-in policy, accounts should use customer-owned storage
# custom:
#   severity: low
#   controls:
#     - mcsb/DP-5
#     - soc2/cc6.1
#   remediation: >-
#     Create the account with the storage account's resource id under userOwnedStorage.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   reads:
#     - properties.userOwnedStorage
#     - properties.capabilities
package muniment.azure_ai.owned_storage

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the account could keep its data in storage of its owner, and has none")]} if {
	offers
} else := {"state": "not_applicable", "findings": []} if {
	not offers
}

finding(msg) := {"msg": msg, "path": "configuration.properties.userOwnedStorage"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

compliant if {
	is_array(storage)
	count(storage) > 0
}

storage := input.configuration.properties.userOwnedStorage

offers if {
	is_array(capabilities)
	some capability in capabilities
	text(capability.name) == "customermanagedstorage"
}

capabilities := input.configuration.properties.capabilities

doubt := "the document does not tell whether the account can use storage of its owner" if {
	not offers
	may_offer
} else := "a value is a template expression, which only a deployment resolves" if {
	offers
	is_expression(storage)
} else := "the document does not tell the storage of the account" if {
	offers
	not told_storage
}

may_offer if not told_capabilities

may_offer if is_expression(capabilities)

may_offer if {
	is_array(capabilities)
	some capability in capabilities
	is_expression(capability.name)
}

# Capabilities are the platform's to tell: nobody declares them.
told_capabilities if capabilities != null

told_capabilities if absent(["properties", "properties.capabilities"])

told_capabilities if {
	taken_whole
	input.resource.provenance == "observed"
}

told_storage if storage != null

told_storage if absent(["properties", "properties.userOwnedStorage"])

told_storage if taken_whole

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
