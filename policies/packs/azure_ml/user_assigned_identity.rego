# METADATA
# scope: package
# title: The workspace acts under a user-assigned identity
# description: >-
#   An Azure Machine Learning workspace names a primary user-assigned managed identity, whose
#   rights outlive the workspace and can be reviewed apart from it. As in Azure's own policy
#   any name that is not empty counts.
# related_resources:
#   - ref: urn:azure:policy-definition:5f0c7d88-c7de-45b8-ac49-db49e72eaa78
#     description: Azure built-in policy, workspaces should use user-assigned managed identity
# custom:
#   severity: low
#   controls:
#     - mcsb/IM-3
#     - soc2/cc6.1
#   remediation: >-
#     Assign a user-assigned managed identity and set primaryUserAssignedIdentity.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - properties.primaryUserAssignedIdentity
package muniment.azure_ml.user_assigned_identity

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the workspace has no primary user-assigned identity")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.primaryUserAssignedIdentity"}

applies if lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"

compliant if {
	has_value
	input.configuration.properties.primaryUserAssignedIdentity != ""
	not is_expression
}

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "the value is a template expression, which only a deployment resolves" if {
	is_expression
} else := "the source does not tell primaryUserAssignedIdentity" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_value if input.configuration.properties.primaryUserAssignedIdentity != null

is_expression if {
	is_string(input.configuration.properties.primaryUserAssignedIdentity)
	startswith(input.configuration.properties.primaryUserAssignedIdentity, "[")
}

absent if {
	some path in {"properties", "properties.primaryUserAssignedIdentity"}
	input.fields[path] == "absent"
}
