# METADATA
# scope: package
# title: The search service insists on customer-managed keys
# description: >-
#   An Azure AI Search service enforces encryption with keys of the customer: objects without
#   such a key are refused. Absence enforces nothing, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:356da939-f20a-4bb9-86f8-5db445b0e354
#     description: Azure built-in policy, search services must enforce customer-managed keys
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - soc2/cc6.1
#   remediation: >-
#     Set encryptionWithCmk.enforcement to Enabled.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.encryptionWithCmk.enforcement
#   modify:
#     - op: add
#       path: /properties/encryptionWithCmk
#       value: {"enforcement": "Enabled"}
package muniment.azure_search.customer_managed_key_enforced

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("customer-managed keys are not enforced")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.encryptionWithCmk.enforcement"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if text(setting) == "enabled"

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.encryptionWithCmk.enforcement

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.encryptionWithCmk", "properties.encryptionWithCmk.enforcement"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

text(value) := lower(value) if is_string(value)
