# METADATA
# scope: package
# title: Notebook instances have no direct internet access
# description: >-
#   An Amazon SageMaker notebook instance reaches the internet through the VPC only.
#   CloudFormation leaves direct access enabled where the property is absent, so absence in a
#   template fails.
# custom:
#   severity: high
#   controls:
#     - aws-config/SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Recreate the notebook instance in a subnet with DirectInternetAccess set to Disabled.
#   input_kinds:
#     - configuration/AWS::SageMaker::NotebookInstance
#   reads:
#     - DirectInternetAccess
package muniment.aws_sagemaker.notebook_direct_internet

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("direct internet access is not disabled")]}

finding(msg) := {"msg": msg, "path": "configuration.DirectInternetAccess"}

applies if lower(input.resource.type) == "aws::sagemaker::notebookinstance"

compliant if setting == "Disabled"

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.DirectInternetAccess

present if setting != null

# A Describe answer always tells this one, so that only a template can leave it to the default.
absent if input.fields.DirectInternetAccess == "absent"

absent if {
	not tells_fields
	input.resource.provenance == "declared"
}

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)
