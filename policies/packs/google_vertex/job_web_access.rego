# METADATA
# scope: package
# title: Nobody opens a shell in a running job
# description: >-
#   The containers of a Vertex AI custom job offer no interactive shell. They offer none
#   unless enableWebAccess is on, and the API leaves the switch out where it is off.
# custom:
#   severity: medium
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Start the job without enableWebAccess.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/CustomJob
#   reads:
#     - jobSpec.enableWebAccess
package muniment.google_vertex.job_web_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": [finding("the job offers an interactive shell")]} if {
	setting == true
} else := {"state": "unknown", "findings": [finding("the document does not tell the value")]} if {
	not present
	not absent
} else := {"state": "pass", "findings": []} if {
	not switched_on
}

finding(msg) := {"msg": msg, "path": "configuration.jobSpec.enableWebAccess"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/customjob"

setting := input.configuration.jobSpec.enableWebAccess

switched_on if setting == true

present if is_boolean(setting)

# What the source would have told, had there been any; the API leaves out what is not set.
absent if {
	some path in ["jobSpec", "jobSpec.enableWebAccess"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)
