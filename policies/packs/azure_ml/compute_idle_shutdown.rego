# METADATA
# scope: package
# title: Compute instances stop when idle
# description: >-
#   An Azure Machine Learning compute instance has a time after which it stops when nobody
#   uses it.
# related_resources:
#   - ref: urn:azure:policy-definition:679ddf89-ab8f-48a5-9029-e76054077449
#     description: Azure built-in policy, compute instances should have idle shutdown
# custom:
#   severity: low
#   controls:
#     - mcsb/AM-3
#   remediation: >-
#     Set idleTimeBeforeShutdown of the compute instance, for example to PT60M.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
package muniment.azure_ml.compute_idle_shutdown

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the compute instance never stops by itself")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.properties.idleTimeBeforeShutdown"}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/computes"
	not other_compute
}

other_compute if {
	compute_type := text(input.configuration.properties.computeType)
	not compute_type in {"computeinstance"}
}

compliant if {
	is_string(input.configuration.properties.computeType)
	startswith(text(input.configuration.properties.properties.idleTimeBeforeShutdown), "p")
}

doubt := "the document does not tell the type of the compute" if {
	not has_type
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.properties.idleTimeBeforeShutdown), "[")
}

has_type if is_string(input.configuration.properties.computeType)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
