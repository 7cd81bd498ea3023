# METADATA
# scope: package
# title: Computes run inside a virtual network
# description: >-
#   Azure Machine Learning compute instances and clusters are placed in a subnet of a virtual
#   network.
# related_resources:
#   - ref: urn:azure:policy-definition:7804b5c7-01dc-4723-969b-ae300cc07ff1
#     description: Azure built-in policy, computes should be in a virtual network
# custom:
#   severity: medium
#   controls:
#     - mcsb/NS-1
#   remediation: >-
#     Recreate the compute with subnet.id set to a subnet of the virtual network.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
package muniment.azure_ml.compute_virtual_network

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the compute is in no virtual network")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.properties.subnet.id"}

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
	subnet := text(input.configuration.properties.properties.subnet.id)
	subnet != ""
	not startswith(subnet, "[")
}

doubt := "the document does not tell the type of the compute" if {
	not has_type
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.properties.subnet.id), "[")
}

has_type if is_string(input.configuration.properties.computeType)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
