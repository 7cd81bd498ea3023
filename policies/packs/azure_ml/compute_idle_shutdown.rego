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
#   reads:
#     - properties.computeType
#     - properties.properties.idleTimeBeforeShutdown
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
	not is_other_compute
}

is_judged_compute if text(input.configuration.properties.computeType) in {"computeinstance"}

is_other_compute if {
	has_type
	not is_judged_compute
	not type_is_expression
}

is_other_compute if type_absent

# What the platform answers without a type is none of these computes.
is_other_compute if {
	input.resource.provenance == "observed"
	not has_fields
	not has_type
}

has_fields if is_object(input.fields)

has_type if input.configuration.properties.computeType != null

type_is_expression if startswith(text(input.configuration.properties.computeType), "[")

type_absent if {
	some path in {"properties", "properties.computeType"}
	input.fields[path] == "absent"
}

compliant if {
	is_judged_compute
	idle := text(input.configuration.properties.properties.idleTimeBeforeShutdown)
	idle != ""
	not startswith(idle, "[")
}

doubt := "the document does not tell the type of the compute" if {
	not is_judged_compute
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.properties.idleTimeBeforeShutdown), "[")
} else := "the source does not tell idleTimeBeforeShutdown" if {
	has_fields
	not has_value
	not absent
}

has_value if input.configuration.properties.properties.idleTimeBeforeShutdown != null

absent if {
	some path in {
		"properties",
		"properties.properties",
		"properties.properties.idleTimeBeforeShutdown",
	}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
