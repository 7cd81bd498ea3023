# METADATA
# scope: package
# title: The workspace is encrypted with a customer-managed key
# description: >-
#   Data of an Azure Machine Learning workspace is encrypted at rest with a key of the
#   customer. Projects inherit the encryption of their hub and are not judged.
# related_resources:
#   - ref: urn:azure:policy-definition:ba769a63-b8cc-4b2d-abf6-ac33c7204be8
#     description: Azure built-in policy, workspaces should be encrypted with a customer-managed key
#   - ref: urn:azure:policy-definition:7f40cee6-e933-4d0f-a782-b96615e0f4a6
#     description: Azure built-in policy, its second version
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#     - eu-ai-act/art-15.5
#     - soc2/cc6.1
#   remediation: >-
#     Recreate the workspace with encryption.status Enabled and a key in Key Vault; it cannot
#     be changed afterwards.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
#   reads:
#     - kind
#     - properties.encryption.status
package muniment.azure_ml.customer_managed_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("encryption with a customer-managed key is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.properties.encryption.status"}

applies if {
	lower(input.resource.type) == "microsoft.machinelearningservices/workspaces"
	not is_project
}

is_project if text(input.configuration.kind) == "project"

compliant if text(input.configuration.properties.encryption.status) == "enabled"

doubt := "the document has no properties" if {
	not has_properties
	not absent
} else := "the value is a template expression, which only a deployment resolves" if {
	is_expression
} else := "the source does not tell the kind of the workspace" if {
	is_object(input.fields)
	not has_kind
	not kind_absent
} else := "the source does not tell the status of the encryption" if {
	is_object(input.fields)
	not has_value
	not absent
}

has_properties if is_object(input.configuration.properties)

has_kind if input.configuration.kind != null

kind_absent if input.fields.kind == "absent"

has_value if input.configuration.properties.encryption.status != null

is_expression if startswith(text(input.configuration.kind), "[")

is_expression if startswith(text(input.configuration.properties.encryption.status), "[")

absent if {
	some path in {
		"properties",
		"properties.encryption",
		"properties.encryption.status",
	}
	input.fields[path] == "absent"
}

text(value) := lower(value) if is_string(value)
