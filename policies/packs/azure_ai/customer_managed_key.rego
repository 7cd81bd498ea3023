# METADATA
# scope: package
# title: The AI services account encrypts with a key of the customer
# description: >-
#   Data at rest of an Azure AI services account is encrypted with a key from the customer's own
#   vault. Kinds of accounts that do not support it, or are not asked to, are not judged.
#   Without a key source the platform uses keys of its own, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:67121cc7-ff39-4ab8-b7e3-95b84dab487d
#     description: >-
#       Azure built-in policy, AI services resources should encrypt with a customer-managed key
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - eu-ai-act/art-15.5
#     - soc2/cc6.1
#   remediation: >-
#     Give the account an identity with access to a key, and set encryption.keySource to
#     Microsoft.KeyVault with its keyVaultProperties.
#   input_kinds:
#     - configuration/Microsoft.CognitiveServices/accounts
#   parameters:
#     excluded_kinds:
#       description: >-
#         Kinds of accounts that are not judged; by default the sixteen that the Azure policy
#         leaves out, AIServices among them.
#       schema:
#         type: array
#         items:
#           type: string
#           minLength: 1
#         uniqueItems: true
#   reads:
#     - properties.encryption.keySource
#     - kind
package muniment.azure_ai.customer_managed_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the data is not encrypted with a key of the customer")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.encryption.keySource"}

applies if {
	lower(input.resource.type) == "microsoft.cognitiveservices/accounts"
	not is_excluded
}

is_excluded if {
	some kind in excluded_kinds
	text(input.configuration.kind) == text(kind)
}

default excluded_kinds := [
	"CognitiveServices",
	"ContentSafety",
	"ImmersiveReader",
	"HealthInsights",
	"LUIS.Authoring",
	"LUIS",
	"QnAMaker",
	"QnAMaker.V2",
	"AIServices",
	"MetricsAdvisor",
	"SpeechTranslation",
	"Internal.AllInOne",
	"ConversationalLanguageUnderstanding",
	"knowledge",
	"TranscriptionIntelligence",
	"HealthDecisionSupport",
]

excluded_kinds := input.parameters.excluded_kinds if is_array(input.parameters.excluded_kinds)

compliant if text(setting) == "microsoft.keyvault"

setting := input.configuration.properties.encryption.keySource

doubt := "a value is a template expression, which only a deployment resolves" if {
	unresolved
} else := "the document does not tell the key source" if {
	not told
} else := "the document does not tell the kind of the account" if {
	not told_kind
}

unresolved if is_expression(setting)

unresolved if is_expression(input.configuration.properties.encryption)

unresolved if is_expression(input.configuration.kind)

told if setting != null

told if absent(["properties", "properties.encryption", "properties.encryption.keySource"])

told if taken_whole

told_kind if input.configuration.kind != null

told_kind if absent(["kind"])

told_kind if not has_fields

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
