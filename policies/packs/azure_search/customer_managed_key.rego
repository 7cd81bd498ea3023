# METADATA
# scope: package
# title: Everything in the search service is encrypted with customer-managed keys
# description: >-
#   An Azure AI Search service enforces keys of the customer, and the platform finds that all
#   its objects comply. Only an observed document tells the second; a template that does not
#   enforce fails, any other template is unknown.
# related_resources:
#   - ref: urn:azure:policy-definition:76a56461-9dc0-40f0-82f5-2453283afa2f
#     description: Azure built-in policy, search services should use customer-managed keys
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - soc2/cc6.1
#   remediation: >-
#     Set encryptionWithCmk.enforcement to Enabled and rebuild the objects that are encrypted
#     without a customer-managed key.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.encryptionWithCmk.enforcement
#     - properties.encryptionWithCmk.encryptionComplianceStatus
package muniment.azure_search.customer_managed_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("keys of the customer do not protect every object")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.encryptionWithCmk"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if {
	text(enforcement) == "enabled"
	text(status) == "compliant"
}

doubt := "a value is a template expression, which only a deployment resolves" if {
	not refuted
	some value in [enforcement, status]
	is_expression(value)
} else := "the document does not tell whether keys of the customer are enforced" if {
	not refuted
	enforcement == null
	not absent("properties.encryptionWithCmk.enforcement")
} else := "the document does not tell whether all objects comply" if {
	not refuted
	status == null
	not tells_status
}

# One part that is told and wrong decides, whatever the other is.
refuted if wrong(enforcement, "enabled")

refuted if wrong(status, "compliant")

refuted if {
	enforcement == null
	absent("properties.encryptionWithCmk.enforcement")
}

wrong(value, wanted) if {
	value != null
	not says(value, wanted)
	not is_expression(value)
}

says(value, wanted) if text(value) == wanted

is_expression(value) if startswith(text(value), "[")

default enforcement := null

enforcement := input.configuration.properties.encryptionWithCmk.enforcement

default status := null

status := input.configuration.properties.encryptionWithCmk.encryptionComplianceStatus

# What the source would have told, had there been any; without fields the provenance decides.
absent(path) if {
	some above in around(path)
	input.fields[above] == "absent"
}

absent(_) if {
	not tells_fields
	has_properties
}

# The platform alone finds this out.
tells_status if {
	some path in around("properties.encryptionWithCmk.encryptionComplianceStatus")
	input.fields[path] == "absent"
}

tells_status if {
	not tells_fields
	has_properties
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

text(value) := lower(value) if is_string(value)
