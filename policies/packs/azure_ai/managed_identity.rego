# METADATA
# scope: package
# title: The AI services account has a managed identity
# description: >-
#   An Azure AI services account has an identity that the platform manages, so that it reaches
#   key vaults and storage without stored credentials. The kind of identity does not matter.
# related_resources:
#   - ref: urn:azure:policy-definition:fe3fd216-4f83-4fc1-8984-2bbec80a3418
#     description: Azure built-in policy, accounts should use a managed identity
# custom:
#   severity: medium
#   controls:
#     - mcsb/IM-3
#     - soc2/cc6.1
#   remediation: >-
#     Set identity.type of the account to SystemAssigned, or to UserAssigned with an identity.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   reads:
#     - identity.type
package muniment.azure_ai.managed_identity

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the account has no managed identity")]}

finding(msg) := {"msg": msg, "path": "configuration.identity.type"}

applies if lower(input.resource.type) == "microsoft.cognitiveservices/accounts"

compliant if {
	not is_none
	not is_unresolved
	setting != null
}

setting := input.configuration.identity.type

is_none if text(setting) == "none"

is_unresolved if is_expression(setting)

is_unresolved if is_expression(input.configuration.identity)

doubt := "a value is a template expression, which only a deployment resolves" if {
	is_unresolved
} else := "the document does not tell the identity of the account" if {
	not told
}

told if setting != null

told if absent(["identity", "identity.type"])

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
