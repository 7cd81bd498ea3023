# METADATA
# scope: package
# title: Jobs act under an account of their own
# description: >-
#   A Vertex AI custom job or pipeline runs under a service account that was chosen for it.
#   Without one it runs under an account that all jobs of the project share, so absence fails.
# custom:
#   severity: medium
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Start the job with a serviceAccount that has only the roles it needs.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/CustomJob
#     - configuration/aiplatform.googleapis.com/PipelineJob
#   reads:
#     - jobSpec.serviceAccount
#     - serviceAccount
package muniment.google_vertex.job_service_account

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the job names no service account")]}

finding(msg) := {"msg": msg, "path": concat(".", ["configuration", path])}

applies if lower(input.resource.type) in {
	"aiplatform.googleapis.com/customjob",
	"aiplatform.googleapis.com/pipelinejob",
}

compliant if named(spec.serviceAccount)

doubt := "the document does not tell the value" if {
	not present
	not absent
}

present if spec.serviceAccount != null

absent if {
	some above in around(path)
	input.fields[above] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

# A custom job has the settings in its spec, a pipeline at its top.
spec := object.get(input.configuration, "jobSpec", input.configuration)

default path := "serviceAccount"

path := "jobSpec.serviceAccount" if lower(input.resource.type) == "aiplatform.googleapis.com/customjob"

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

named(value) if {
	is_string(value)
	value != ""
}
