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
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Recreate the compute with subnet.id set to a subnet of the virtual network.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces/computes
#   reads:
#     - properties.computeType
#     - properties.properties.subnet.id
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
	subnet := text(input.configuration.properties.properties.subnet.id)
	subnet != ""
	not startswith(subnet, "[")
}

doubt := "the document does not tell the type of the compute" if {
	not is_judged_compute
} else := "the value is a template expression, which only a deployment resolves" if {
	is_expression
} else := "the source does not tell the subnet" if {
	has_fields
	not has_value
	not absent
}

is_expression if startswith(text(input.configuration.properties.properties.subnet), "[")

is_expression if startswith(text(input.configuration.properties.properties.subnet.id), "[")

has_value if input.configuration.properties.properties.subnet.id != null

absent if {
	some path in {
		"properties",
		"properties.properties",
		"properties.properties.subnet",
		"properties.properties.subnet.id",
	}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
