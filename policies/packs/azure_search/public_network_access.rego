# METADATA
# scope: package
# title: The search service refuses the public network
# description: >-
#   Public network access of an Azure AI Search service is disabled explicitly. Where the
#   property is absent the platform leaves access enabled, so absence fails.
# related_resources:
#   - ref: urn:azure:policy-definition:ee980b6d-0eca-4501-8d54-f6290fd512c3
#     description: Azure built-in policy, search services should disable public network access
#   - ref: urn:azure:policy-definition:9cee519f-d9c1-4fd9-9f79-24ec3449ed30
#     description: Azure built-in policy, the same, mended by Azure
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-2
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create a private endpoint (subresource searchService), then set publicNetworkAccess to
#     Disabled.
#   input_kinds:
#     - configuration/Microsoft.Search/searchServices
#   reads:
#     - properties.publicNetworkAccess
#   modify:
#     - op: add
#       path: /properties/publicNetworkAccess
#       value: Disabled
package muniment.azure_search.public_network_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("public network access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.publicNetworkAccess"}

applies if lower(input.resource.type) == "microsoft.search/searchservices"

compliant if text(setting) == "disabled"

doubt := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(setting), "[")
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.properties.publicNetworkAccess

present if setting != null

# What the source would have told, had there been any; without fields the provenance decides.
absent if {
	some path in ["properties", "properties.publicNetworkAccess"]
	input.fields[path] == "absent"
}

absent if {
	not tells_fields
	has_properties
}

tells_fields if is_object(input.fields)

has_properties if is_object(input.configuration.properties)

text(value) := lower(value) if is_string(value)
