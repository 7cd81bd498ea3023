# METADATA
# scope: package
# title: Domains reach the internet through the VPC only
# description: >-
#   Applications of an Amazon SageMaker domain have network access through the VPC only. Where
#   a template leaves it out the platform gives public access, so absence in a template fails.
# custom:
#   severity: high
#   controls:
#     - aws-config/SAGEMAKER_DOMAIN_IN_VPC
#     - eu-ai-act/art-15.5
#     - soc2/cc6.6
#   remediation: >-
#     Set AppNetworkAccessType of the domain to VpcOnly, with endpoints for the services that
#     it needs.
#   input_kinds:
#     - configuration/AWS::SageMaker::Domain
#   reads:
#     - AppNetworkAccessType
package muniment.aws_sagemaker.domain_vpc_only

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "pass", "findings": []} if {
	compliant
} else := {"state": "unknown", "findings": [finding(doubt)]} if {
	doubt
} else := {"state": "fail", "findings": [finding("applications have public internet access")]}

finding(msg) := {"msg": msg, "path": "configuration.AppNetworkAccessType"}

applies if lower(input.resource.type) == "aws::sagemaker::domain"

compliant if setting == "VpcOnly"

doubt := "the value refers to another part of the template" if {
	is_reference(setting)
} else := "the document does not tell the value" if {
	not present
	not absent
}

setting := settings.AppNetworkAccessType

present if setting != null

# A Describe answer always tells this one, so that only a template can leave it to the default.
absent if input.fields.AppNetworkAccessType == "absent"

absent if {
	not tells_fields
	input.resource.provenance == "declared"
}

tells_fields if is_object(input.fields)

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)

# An intrinsic function of a template; only a deployment resolves it.
is_reference(value) if is_object(value)
