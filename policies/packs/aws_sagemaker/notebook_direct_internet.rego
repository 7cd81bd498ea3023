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
#   remediation: >-
#     Recreate the notebook instance in a subnet with DirectInternetAccess set to Disabled.
#   input_kinds:
#     - configuration/AWS::SageMaker::NotebookInstance
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

compliant if settings.DirectInternetAccess == "Disabled"

doubt := "the value refers to another part of the template" if {
	is_object(settings.DirectInternetAccess)
} else := "the observed document does not tell whether access is direct" if {
	input.resource.provenance == "observed"
	not tells_access
}

tells_access if is_string(settings.DirectInternetAccess)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)
