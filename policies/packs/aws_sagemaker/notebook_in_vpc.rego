# METADATA
# scope: package
# title: Notebook instances stand in a VPC
# description: >-
#   An Amazon SageMaker notebook instance has a subnet of a VPC. Without one it stands in a
#   network of the service, so absence fails.
# custom:
#   severity: high
#   controls:
#     - aws-config/SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Recreate the notebook instance with SubnetId and SecurityGroupIds.
#   input_kinds:
#     - configuration/AWS::SageMaker::NotebookInstance
#   reads:
#     - SubnetId
package muniment.aws_sagemaker.notebook_in_vpc

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the notebook instance has no subnet")]}

finding(msg) := {"msg": msg, "path": "configuration.SubnetId"}

applies if lower(input.resource.type) == "aws::sagemaker::notebookinstance"

compliant if named(setting)

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.SubnetId

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if input.fields.SubnetId == "absent"

absent if not tells_fields

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)

# What a template takes from another resource has a value; any other reference may be empty.
named(value) if {
	is_string(value)
	value != ""
}

named(value) if {
	is_object(value)
	"Fn::GetAtt" in object.keys(value)
}
