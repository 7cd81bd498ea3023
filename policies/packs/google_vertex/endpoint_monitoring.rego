# METADATA
# scope: package
# title: Endpoints are monitored
# description: >-
#   A Vertex AI endpoint has a job that monitors its deployed models for drift and skew. The
#   platform fills this field in, so a declared document that leaves it out is unknown.
# custom:
#   severity: medium
#   controls:
#     - nist-ai-rmf/measure-2.4
#     - nist-ai-rmf/manage-4.1
#     - iso-42001/A.6.2.6
#     - soc2/cc7.2
#   remediation: >-
#     Create a model deployment monitoring job for the endpoint.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/Endpoint
#   reads:
#     - modelDeploymentMonitoringJob
package muniment.google_vertex.endpoint_monitoring

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no job monitors the deployed models")]}

finding(msg) := {"msg": msg, "path": "configuration.modelDeploymentMonitoringJob"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/endpoint"

compliant if named(setting)

doubt := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.modelDeploymentMonitoringJob

present if setting != null

# What the source would have told, had there been any; only the platform itself tells this one.
absent if input.fields.modelDeploymentMonitoringJob == "absent"

absent if {
	not tells_fields
	input.resource.provenance == "observed"
}

tells_fields if is_object(input.fields)

named(value) if {
	is_string(value)
	value != ""
}
