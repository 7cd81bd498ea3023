# METADATA
# scope: package
# title: Endpoints capture what they answer
# description: >-
#   An Amazon SageMaker endpoint configuration captures requests and answers, which drift
#   monitors and auditors need. Absence captures nothing, so absence fails. Which share is
#   captured is not judged.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-12.1
#     - nist-ai-rmf/measure-2.4
#     - iso-42001/A.6.2.8
#     - soc2/cc7.2
#   remediation: >-
#     Create an endpoint configuration with DataCaptureConfig.EnableCapture set to true and
#     update the endpoint to it.
#   input_kinds:
#     - configuration/AWS::SageMaker::EndpointConfig
#   reads:
#     - DataCaptureConfig.EnableCapture
package muniment.aws_sagemaker.endpoint_data_capture

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("data capture is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.DataCaptureConfig.EnableCapture"}

applies if lower(input.resource.type) == "aws::sagemaker::endpointconfig"

compliant if is_on(setting)

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.DataCaptureConfig.EnableCapture

present if setting != null

# What the source would have told, had there been any; a Describe answer leaves out what is not set.
absent if {
	some path in ["DataCaptureConfig", "DataCaptureConfig.EnableCapture"]
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
