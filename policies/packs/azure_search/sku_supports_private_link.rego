# METADATA
# scope: package
# title: The search service has a tier with private link
# description: >-
#   An Azure AI Search service is not of the free tier, which cannot have private endpoints. A
#   service whose tier is not stated is not free, as Azure has it.
# related_resources:
#   - ref: urn:azure:policy-definition:a049bf77-880b-470f-ba6d-9f21c530cf83
#     description: Azure built-in policy, search services should use a tier that supports private link
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Create a service of the tier basic or higher and move the indexes; a tier cannot be
#     changed from free.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - sku.name
package muniment.azure_search.sku_supports_private_link

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the free tier has no private endpoints")]}

finding(msg) := {"msg": msg, "path": "configuration.sku.name"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if {
	present
	not free
	not unresolved
}

compliant if {
	not present
	absent
}

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

free if text(setting) == "free"

unresolved if startswith(text(setting), "[")

setting := input.configuration.sku.name

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["sku", "sku.name"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)

text(value) := lower(value) if is_string(value)
