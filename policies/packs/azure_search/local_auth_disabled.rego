# METADATA
# scope: package
# title: The search service accepts no keys
# description: >-
#   API keys of an Azure AI Search service are switched off, so that every caller signs in
#   with an identity. Absence leaves keys on, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:6300012e-e9a4-4649-b41f-a85f5c43be91
#     description: Azure built-in policy, search services should have local authentication disabled
#   - ref: urn:azure:policy-definition:4eb216f2-9dba-4979-86e6-5d7e63ce3b75
#     description: Azure built-in policy, the same, mended by Azure
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#     - soc2/cc6.1
#   remediation: >-
#     Give the callers roles on the service, then set disableLocalAuth to true; authOptions
#     must be empty.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.disableLocalAuth
#   modify:
#     - op: add
#       path: /properties/disableLocalAuth
#       value: true
#     - op: add
#       path: /properties/authOptions
#       value: null
package muniment.azure_search.local_auth_disabled

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("keys are accepted")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.disableLocalAuth"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if is_on(setting)

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.disableLocalAuth

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.disableLocalAuth"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

text(value) := lower(value) if is_string(value)

# Templates often write switches as text.
is_on(value) if value == true

is_on(value) if text(value) == "true"
