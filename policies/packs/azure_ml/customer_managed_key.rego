# METADATA
# scope: package
# title: The workspace is encrypted with a customer-managed key
# description: >-
#   Data of an Azure Machine Learning workspace is encrypted at rest with a key of the
#   customer. Projects inherit the encryption of their hub and are not judged.
# related_resources:
#   - ref: urn:azure:policy-definition:ba769a63-b8cc-4b2d-abf6-ac33c7204be8
#     description: Azure built-in policy, workspaces should be encrypted with a customer-managed key
# custom:
#   severity: medium
#   controls:
#     - mcsb/DP-5
#   remediation: >-
#     Recreate the workspace with encryption.status Enabled and a key in Key Vault; it cannot
#     be changed afterwards.
#   input_kinds:
#     - configuration/Microsoft.MachineLearningServices/workspaces
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
} else := "the value is a template expression, which only a deployment resolves" if {
	startswith(text(input.configuration.properties.encryption.status), "[")
}

has_properties if is_object(input.configuration.properties)

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
