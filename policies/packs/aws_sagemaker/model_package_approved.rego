# METADATA
# scope: package
# title: Model packages are approved
# description: >-
#   A model package in the registry of Amazon SageMaker is approved. A package without a
#   status was never approved, so absence fails.
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/manage-1.1
#     - soc2/cc8.1
#   remediation: >-
#     Have the package reviewed, and set its ModelApprovalStatus to Approved.
#   input_kinds:
#     - configuration/AWS::SageMaker::ModelPackage
#   reads:
#     - ModelApprovalStatus
package muniment.aws_sagemaker.model_package_approved

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the model package is not approved")]}

finding(msg) := {"msg": msg, "path": "configuration.ModelApprovalStatus"}

applies if lower(input.resource.type) == "aws::sagemaker::modelpackage"

compliant if setting == "Approved"

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.ModelApprovalStatus

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if input.fields.ModelApprovalStatus == "absent"

absent if not tells_fields

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)
