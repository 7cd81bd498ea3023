# METADATA
# scope: package
# title: Models run in a VPC
# description: >-
#   The containers of an Amazon SageMaker model stand in subnets of a VPC, so that their
#   traffic follows its rules. Without them they stand in a network of the service, so absence
#   fails.
# custom:
#   severity: medium
#   controls:
#     - aws-config/SAGEMAKER_MODEL_IN_VPC
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Create the model with VpcConfig: Subnets and SecurityGroupIds.
#   input_kinds:
#     - configuration/AWS::SageMaker::Model
#   reads:
#     - VpcConfig.Subnets
package muniment.aws_sagemaker.model_in_vpc

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("the model has no subnets")]}

finding(msg) := {"msg": msg, "path": "configuration.VpcConfig.Subnets"}

applies if lower(input.resource.type) == "aws::sagemaker::model"

compliant if stands_in_subnets

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.VpcConfig.Subnets

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if {
	some path in ["VpcConfig", "VpcConfig.Subnets"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)

stands_in_subnets if {
	is_array(setting)
	count(setting) > 0
}

stands_in_subnets if {
	is_object(setting)
	"Fn::GetAtt" in object.keys(setting)
}
