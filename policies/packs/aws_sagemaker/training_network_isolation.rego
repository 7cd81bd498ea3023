# METADATA
# scope: package
# title: Training jobs run without network
# description: >-
#   The containers of an Amazon SageMaker training job are isolated from the network, so that
#   training data cannot leave through them.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Start the job with EnableNetworkIsolation set to true.
#   input_kinds:
#     - configuration/AWS::SageMaker::TrainingJob
#   reads:
#     - EnableNetworkIsolation
package muniment.aws_sagemaker.training_network_isolation

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("network isolation is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.EnableNetworkIsolation"}

applies if lower(input.resource.type) == "aws::sagemaker::trainingjob"

compliant if is_on(setting)

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.EnableNetworkIsolation

present if setting != null

# A Describe answer always tells this one, so that only a template can leave it to the default.
absent if input.fields.EnableNetworkIsolation == "absent"

absent if {
	not tells_fields
	input.resource.provenance == "declared"
}

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)

# CloudFormation takes switches as text too.
is_on(value) if value == true

is_on(value) if value == "true"
