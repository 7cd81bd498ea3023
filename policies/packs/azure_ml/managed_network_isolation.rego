# METADATA
# scope: package
# title: The managed network lets out approved traffic only
# description: >-
#   The managed network of an Azure Machine Learning workspace or AI hub is isolated in the
#   mode that is asked for, by default AllowOnlyApprovedOutbound. (Azure's own policy asks for
#   the mode Disabled unless its assignment names another.)
# related_resources:
#   - ref: urn:azure:policy-definition:6ddb1705-c8cf-450e-aa4b-19ad6703c440
#     description: Azure built-in policy, managed network isolation mode
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-1
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set managedNetwork.isolationMode to AllowOnlyApprovedOutbound and approve the outbound
#     rules that are needed.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - properties.managedNetwork.isolationMode
#   parameters:
#     isolation_mode:
#       description: >-
#         The mode that is asked for, by default AllowOnlyApprovedOutbound.
#       schema:
#         type: string
#         enum:
#           - AllowOnlyApprovedOutbound
#           - AllowInternetOutbound
#           - Disabled
package muniment.azure_ml.managed_network_isolation

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding(concat(" ", ["the isolation mode of the managed network is not", wanted]))]}

finding(msg) := {"msg": msg, "path": "configuration.properties.managedNetwork.isolationMode"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

default wanted := "AllowOnlyApprovedOutbound"

wanted := input.parameters.isolation_mode if is_string(input.parameters.isolation_mode)

compliant if text(input.configuration.properties.managedNetwork.isolationMode) == text(wanted)

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.managedNetwork.isolationMode), "[")
} else := "the source does not tell the isolation mode of the managed network" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_value if input.configuration.properties.managedNetwork.isolationMode != null

absent if {
	some path in {
		"properties",
		"properties.managedNetwork",
		"properties.managedNetwork.isolationMode",
	}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
