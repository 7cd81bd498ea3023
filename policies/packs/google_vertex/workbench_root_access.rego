# METADATA
# scope: package
# title: Users of Workbench instances are not root
# description: >-
#   Users of a Vertex AI Workbench instance cannot become root: its metadata entry notebook-
#   disable-root is true. Without the entry they can, so absence fails.
# custom:
#   severity: high
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Set the metadata entry notebook-disable-root of the instance to true.
#   input_kinds:
#     - configuration/notebooks.googleapis.com/Instance
#   reads:
#     - gceSetup.metadata.notebook-disable-root
package muniment.google_vertex.workbench_root_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("users of the instance can become root")]}

finding(msg) := {"msg": msg, "path": "configuration.gceSetup.metadata.notebook-disable-root"}

applies if lower(input.resource.type) == "notebooks.googleapis.com/instance"

compliant if text(setting) == "true"

doubt := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.gceSetup.metadata["notebook-disable-root"]

present if setting != null

# What the source would have told, had there been any; the API leaves out what is not set.
absent if {
	some path in ["gceSetup", "gceSetup.metadata", "gceSetup.metadata.notebook-disable-root"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

text(value) := lower(value) if is_string(value)
