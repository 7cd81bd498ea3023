# METADATA
# scope: package
# title: Endpoints of vector indexes are private
# description: >-
#   A Vertex AI index endpoint has no public address. It has none unless publicEndpointEnabled
#   is on, and the API leaves the switch out where it is off.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create the index endpoint again with a network or Private Service Connect instead of
#     publicEndpointEnabled.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/IndexEndpoint
#   reads:
#     - publicEndpointEnabled
package muniment.google_vertex.index_endpoint_private

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": [finding("the index endpoint has a public address")]} if {
	setting == true
} else := {"state": "unknown", "findings": [finding("the document does not tell the value")]} if {
	not present
	not absent
} else := {"state": "pass", "findings": []} if {
	not switched_on
}

finding(msg) := {"msg": msg, "path": "configuration.publicEndpointEnabled"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/indexendpoint"

setting := input.configuration.publicEndpointEnabled

switched_on if setting == true

present if is_boolean(setting)

# What the source would have told, had there been any; the API leaves out what is not set.
absent if input.fields.publicEndpointEnabled == "absent"

absent if not tells_fields

tells_fields if is_object(input.fields)
