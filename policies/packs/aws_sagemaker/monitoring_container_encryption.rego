# METADATA
# scope: package
# title: Traffic between monitoring containers is encrypted
# description: >-
#   The containers of an Amazon SageMaker monitoring job, by its definition for data quality,
#   model quality, bias or explainability, encrypt what they send each other. Absence means
#   plain traffic, so absence fails.
# custom:
#   severity: low
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.7
#   remediation: >-
#     Create the job definition with NetworkConfig.EnableInterContainerTrafficEncryption set
#     to true.
#   input_kinds:
#     - configuration/AWS::SageMaker::DataQualityJobDefinition
#     - configuration/AWS::SageMaker::ModelBiasJobDefinition
#     - configuration/AWS::SageMaker::ModelExplainabilityJobDefinition
#     - configuration/AWS::SageMaker::ModelQualityJobDefinition
#   reads:
#     - NetworkConfig.EnableInterContainerTrafficEncryption
package muniment.aws_sagemaker.monitoring_container_encryption

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("traffic between containers is not encrypted")]}

finding(msg) := {"msg": msg, "path": "configuration.NetworkConfig.EnableInterContainerTrafficEncryption"}

applies if lower(input.resource.type) in {
	"aws::sagemaker::dataqualityjobdefinition",
	"aws::sagemaker::modelbiasjobdefinition",
	"aws::sagemaker::modelexplainabilityjobdefinition",
	"aws::sagemaker::modelqualityjobdefinition",
}

compliant if is_on(setting)

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.NetworkConfig.EnableInterContainerTrafficEncryption

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if {
	some path in ["NetworkConfig", "NetworkConfig.EnableInterContainerTrafficEncryption"]
	input.fields[path] == "absent"
}

absent if not tells_fields

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)

# CloudFormation takes switches as text too.
is_on(value) if value == true

is_on(value) if value == "true"
