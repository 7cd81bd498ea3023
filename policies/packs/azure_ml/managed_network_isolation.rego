# METADATA
# scope: package
# title: The managed network lets out approved traffic only
# description: >-
#   The managed network of an Azure Machine Learning workspace or AI hub is isolated in the
#   mode that is asked for, by default AllowOnlyApprovedOutbound.
# related_resources:
#   - ref: urn:azure:policy-definition:6ddb1705-c8cf-450e-aa4b-19ad6703c440
#     description: Azure built-in policy, managed network isolation mode
# custom:
#   severity: high
#   controls:
#     - mcsb/NS-1
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Set managedNetwork.isolationMode to AllowOnlyApprovedOutbound and approve the outbound
#     rules that are needed.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   parameters:
#     isolation_mode: >-
#       The mode that is asked for, by default AllowOnlyApprovedOutbound.
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
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.managedNetwork.isolationMode), "[")
}

has_properties if is_object(input.configuration.properties)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
