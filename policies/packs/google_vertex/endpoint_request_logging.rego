# METADATA
# scope: package
# title: Endpoints log what they answer
# description: >-
#   A Vertex AI endpoint logs requests and answers, which drift monitors and auditors need.
#   Absence logs nothing, so absence fails. Which share is logged is not judged.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-12.1
#     - nist-ai-rmf/measure-2.4
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Set predictRequestResponseLoggingConfig of the endpoint: enabled, samplingRate and
#     bigqueryDestination.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/Endpoint
#   reads:
#     - predictRequestResponseLoggingConfig.enabled
package muniment.google_vertex.endpoint_request_logging

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("requests and answers are not logged")]}

finding(msg) := {"msg": msg, "path": "configuration.predictRequestResponseLoggingConfig.enabled"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/endpoint"

compliant if setting == true

doubt := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.predictRequestResponseLoggingConfig.enabled

present if setting != null

# What the source would have told, had there been any; the API leaves out what is not set.
absent if {
	some path in ["predictRequestResponseLoggingConfig", "predictRequestResponseLoggingConfig.enabled"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)
