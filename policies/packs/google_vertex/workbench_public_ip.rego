# METADATA
# scope: package
# title: Workbench instances have no public address
# description: >-
#   A Vertex AI Workbench instance has no public address. It has one unless
#   gceSetup.disablePublicIp is on, so absence fails.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create the instance again with gceSetup.disablePublicIp set to true, in a subnet with
#     Private Google Access.
#   input_kinds:
#     - configuration/notebooks.googleapis.com/Instance
#   reads:
#     - gceSetup.disablePublicIp
package muniment.google_vertex.workbench_public_ip

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the instance may have a public address")]}

finding(msg) := {"msg": msg, "path": "configuration.gceSetup.disablePublicIp"}

applies if lower(input.resource.type) == "notebooks.googleapis.com/instance"

compliant if setting == true

doubt := "the document does not tell the value" if {
	not present
	not absent
}

setting := input.configuration.gceSetup.disablePublicIp

present if setting != null

# What the source would have told, had there been any; the API leaves out what is not set.
absent if {
	some path in ["gceSetup", "gceSetup.disablePublicIp"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)
