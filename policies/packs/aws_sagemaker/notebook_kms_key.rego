# METADATA
# scope: package
# title: Volumes of notebook instances are encrypted with a key of the customer
# description: >-
#   The volume of an Amazon SageMaker notebook instance is encrypted with a KMS key that the
#   customer manages. Without one the service uses a key of its own, so absence fails.
# custom:
#   severity: medium
#   controls:
#     - aws-config/SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED
#     - soc2/cc6.1
#   remediation: >-
#     Recreate the notebook instance with KmsKeyId.
#   input_kinds:
#     - configuration/AWS::SageMaker::NotebookInstance
#   reads:
#     - KmsKeyId
package muniment.aws_sagemaker.notebook_kms_key

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("no key of the customer encrypts the volume")]}

finding(msg) := {"msg": msg, "path": "configuration.KmsKeyId"}

applies if lower(input.resource.type) == "aws::sagemaker::notebookinstance"

compliant if named(setting)

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.KmsKeyId

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if input.fields.KmsKeyId == "absent"

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
