# METADATA
# scope: package
# title: Notebook instances run a supported platform
# description: >-
#   An Amazon SageMaker notebook instance runs one of the chosen platforms. Which one holds by
#   default has changed over time, so a template that leaves it out is unknown.
# custom:
#   severity: low
#   controls:
#     - aws-config/SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION
#     - soc2/cc7.1
#   remediation: >-
#     Recreate the notebook instance with a PlatformIdentifier that is still maintained.
#   input_kinds:
#     - configuration/AWS::SageMaker::NotebookInstance
#   parameters:
#     platforms:
#       description: >-
#         Platforms that may run; by default notebook-al2-v3 and notebook-al2023-v1.
#       schema:
#         type: array
#         items:
#           type: string
#         minItems: 1
#   reads:
#     - PlatformIdentifier
package muniment.aws_sagemaker.notebook_platform

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the platform is not one of those that are chosen")]}

finding(msg) := {"msg": msg, "path": "configuration.PlatformIdentifier"}

applies if lower(input.resource.type) == "aws::sagemaker::notebookinstance"

compliant if setting in platforms

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.PlatformIdentifier

present if setting != null

# What the platform takes by default has changed over time: only its own answer tells.
absent if {
	input.fields.PlatformIdentifier == "absent"
	input.resource.provenance == "observed"
}

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)

default platforms := ["notebook-al2-v3", "notebook-al2023-v1"]

platforms := input.parameters.platforms if is_array(input.parameters.platforms)
