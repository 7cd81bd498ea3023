# METADATA
# scope: package
# title: Computes accept no local accounts
# description: >-
#   Azure Machine Learning compute instances and clusters accept directory identities only;
#   local (SSH) accounts are disabled.
# related_resources:
#   - ref: urn:azure:policy-definition:e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f
#     description: Azure built-in policy, computes should have local authentication disabled
#   - ref: urn:azure:policy-definition:a6f9a2d0-cff7-4855-83ad-4cd750666512
#     description: Azure built-in policy, the same as a modification
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#     - soc2/cc6.1
#   remediation: >-
#     Recreate the compute with disableLocalAuth set to true.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
#   reads:
#     - properties.computeType
#     - properties.disableLocalAuth
#   modify:
#     - op: add
#       path: /properties/disableLocalAuth
#       value: true
package muniment.azure_ml.compute_local_auth

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("local authentication is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.disableLocalAuth"}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces/computes"
	not is_other_compute
}

is_judged_compute if text(input.configuration.properties.computeType) in {"amlcompute", "computeinstance"}

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
	text(input.configuration.properties.disableLocalAuth) == "true"
}

doubt := "the document does not tell the type of the compute" if {
	not is_judged_compute
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.disableLocalAuth), "[")
} else := "the source does not tell disableLocalAuth" if {
	has_fields
	not has_value
	not absent
}

has_value if input.configuration.properties.disableLocalAuth != null

absent if {
	some path in {"properties", "properties.disableLocalAuth"}
	input.fields[path] == "absent"
}

# Azure takes a text for the boolean that it names, and the other way round.
text(value) := lower(value) if is_string(value)

text(value) := json.marshal(value) if is_boolean(value)
