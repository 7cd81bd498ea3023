# METADATA
# scope: package
# title: Models run without network
# description: >-
#   The containers of an Amazon SageMaker model are isolated from the network, so that they
#   cannot send out what they are asked. Absence means no isolation, so absence in a template
#   fails.
# custom:
#   severity: medium
#   controls:
#     - aws-config/SAGEMAKER_MODEL_ISOLATION_ENABLED
#     - eu-ai-act/art-15.5
#   remediation: >-
#     Create the model with EnableNetworkIsolation set to true.
#   input_kinds:
#     - configuration/AWS::SageMaker::Model
package muniment.aws_sagemaker.model_network_isolation

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("network isolation is not enabled")]}

finding(msg) := {"msg": msg, "path": "configuration.EnableNetworkIsolation"}

applies if lower(input.resource.type) == "aws::sagemaker::model"

compliant if settings.EnableNetworkIsolation == true

doubt := "the value refers to another part of the template" if {
	is_object(settings.EnableNetworkIsolation)
} else := "the observed document does not tell whether the network is isolated" if {
	input.resource.provenance == "observed"
	not tells_isolation
}

tells_isolation if is_boolean(settings.EnableNetworkIsolation)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)
