# METADATA
# scope: package
# title: Training jobs encrypt with keys of the customer
# description: >-
#   The volumes and the output of an Amazon SageMaker training job are encrypted with KMS keys
#   that the customer manages. Without one the service uses a key of its own, so one that is
#   absent fails. Instances with local disks take no key for their volumes: they need an
#   exemption.
# custom:
#   severity: medium
#   controls:
#     - soc2/cc6.1
#   remediation: >-
#     Start the job with OutputDataConfig.KmsKeyId and ResourceConfig.VolumeKmsKeyId.
#   input_kinds:
#     - configuration/AWS::SageMaker::TrainingJob
#   reads:
#     - OutputDataConfig.KmsKeyId
#     - ResourceConfig.VolumeKmsKeyId
package muniment.aws_sagemaker.training_kms_keys

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": lacking} if {
	count(lacking) > 0
} else := {"state": "unknown", "findings": doubtful} if {
	count(doubtful) > 0
} else := {"state": "pass", "findings": []} if {
	count(doubtful) == 0
}

applies if lower(input.resource.type) == "aws::sagemaker::trainingjob"

wanted := [
	{"path": "OutputDataConfig.KmsKeyId", "value": object.get(settings, ["OutputDataConfig", "KmsKeyId"], null)},
	{"path": "ResourceConfig.VolumeKmsKeyId", "value": object.get(settings, ["ResourceConfig", "VolumeKmsKeyId"], null)},
]

lacking := [finding(key.path, "no key of the customer is named") |
	some key in wanted
	lacks(key)
]

doubtful := [finding(key.path, "the document does not tell whether a key is named") |
	some key in wanted
	not has_value(key)
	not lacks(key)
]

has_value(key) if named(key.value)

lacks(key) if key.value == ""

lacks(key) if {
	key.value == null
	absent(key.path)
}

finding(path, msg) := {"msg": msg, "path": concat(".", ["configuration", path])}

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent(path) if {
	some above in around(path)
	input.fields[above] == "absent"
}

absent(_) if not tells_fields

tells_fields if is_object(input.fields)

# The path itself, and what it stands in.
around(path) := [concat(".", array.slice(parts, 0, length)) |
	parts := split(path, ".")
	some length in numbers.range(1, count(parts))
]

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# What a template takes from another resource has a value; any other reference may be empty.
named(value) if {
	is_string(value)
	value != ""
}

named(value) if {
	is_object(value)
	"Fn::GetAtt" in object.keys(value)
}
