# METADATA
# scope: package
# title: Notebook runtimes stop when idle
# description: >-
#   Runtimes of a Vertex AI notebook runtime template shut down by themselves when idle: a
#   time is set and the shutdown is not disabled. What holds where nothing is declared is the
#   platform's choice, so a declared template without it is unknown.
# custom:
#   severity: low
#   controls:
#     - soc2/a1.1
#   remediation: >-
#     Create a runtime template with idleShutdownConfig.idleTimeout.
#   input_kinds:
#     - configuration/aiplatform.googleapis.com/NotebookRuntimeTemplate
#   reads:
#     - idleShutdownConfig.idleTimeout
#     - idleShutdownConfig.idleShutdownDisabled
package muniment.google_vertex.notebook_idle_shutdown

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": [finding("idle shutdown is disabled")]} if {
	disabled
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding("the document does not tell whether runtimes stop when idle")]} if {
	not told
} else := {"state": "fail", "findings": [finding("no idle time is set")]}

finding(msg) := {"msg": msg, "path": "configuration.idleShutdownConfig"}

applies if lower(input.resource.type) == "aiplatform.googleapis.com/notebookruntimetemplate"

disabled if input.configuration.idleShutdownConfig.idleShutdownDisabled == true

compliant if {
	some time in [input.configuration.idleShutdownConfig.idleTimeout]
	is_string(time)
	not time in {"", "0s"}
	tells("idleShutdownConfig.idleShutdownDisabled")
}

told if {
	tells("idleShutdownConfig.idleTimeout")
	tells("idleShutdownConfig.idleShutdownDisabled")
	settled
}

settled if input.resource.provenance == "observed"

settled if is_string(input.configuration.idleShutdownConfig.idleTimeout)

tells(path) if input.fields[path] in {"absent", "declared", "observed"}

tells(_) if input.fields.idleShutdownConfig == "absent"

tells(_) if not tells_fields

tells_fields if is_object(input.fields)
