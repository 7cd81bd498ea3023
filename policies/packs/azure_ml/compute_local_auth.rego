# METADATA
# scope: package
# title: Computes accept no local accounts
# description: >-
#   Azure Machine Learning compute instances and clusters accept directory identities only;
#   local (SSH) accounts are disabled.
# related_resources:
#   - ref: urn:azure:policy-definition:e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f
#     description: Azure built-in policy, computes should have local authentication disabled
# custom:
#   severity: high
#   controls:
#     - mcsb/IM-1
#   remediation: >-
#     Recreate the compute with disableLocalAuth set to true.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
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
	not other_compute
}

other_compute if {
	compute_type := text(input.configuration.properties.computeType)
	not compute_type in {"amlcompute", "computeinstance"}
}

compliant if {
	is_string(input.configuration.properties.computeType)
	input.configuration.properties.disableLocalAuth == true
}

doubt := "the document does not tell the type of the compute" if {
	not has_type
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.disableLocalAuth), "[")
}

has_type if is_string(input.configuration.properties.computeType)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
