# METADATA
# scope: package
# title: Notebook runtimes have no direct internet access
# description: >-
#   Runtimes of a Vertex AI notebook runtime template have no public internet access. The API
#   leaves the switch out where it is off; a declared template that leaves it out does not
#   tell.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create a runtime template with networkSpec.enableInternetAccess set to false and a
#     network with Private Google Access.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/NotebookRuntimeTemplate
#   reads:
#     - networkSpec.enableInternetAccess
package muniment.google_vertex.notebook_internet_access

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": [finding("runtimes have public internet access")]} if {
	setting == true
} else := {"state": "unknown", "findings": [finding("the document does not tell the value")]} if {
	not present
	not absent
} else := {"state": "pass", "findings": []} if {
	not switched_on
}

finding(msg) := {"msg": msg, "path": "configuration.networkSpec.enableInternetAccess"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/notebookruntimetemplate"

setting := input.configuration.networkSpec.enableInternetAccess

switched_on if setting == true

present if is_boolean(setting)

# Where the platform tells the network, it leaves out a switch that is off.
absent if {
	input.resource.provenance == "observed"
	is_object(input.configuration.networkSpec)
	told
}

told if input.fields["networkSpec.enableInternetAccess"] == "absent"

told if not tells_fields

tells_fields if is_object(input.fields)
