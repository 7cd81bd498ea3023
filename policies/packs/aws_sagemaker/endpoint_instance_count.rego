# METADATA
# scope: package
# title: Endpoints survive the loss of a machine
# description: >-
#   Every production variant of an Amazon SageMaker endpoint configuration starts with at
#   least as many machines as the assignment asks for, by default two. Serverless variants
#   have no machines of their own and are not counted.
# custom:
#   severity: low
#   controls:
#     - aws-config/SAGEMAKER_ENDPOINT_CONFIG_PROD_INSTANCE_COUNT
#     - soc2/a1.2
#   remediation: >-
#     Create an endpoint configuration with a higher InitialInstanceCount and update the
#     endpoint to it.
#   input_kinds:
#     - configuration/AWS::SageMaker::EndpointConfig
#   parameters:
#     minimum:
#       description: >-
#         Least number of machines of a variant; by default 2.
#       schema:
#         type: integer
#         minimum: 1
#   reads:
#     - ProductionVariants
package muniment.aws_sagemaker.endpoint_instance_count

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": short} if {
	count(short) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "pass", "findings": []} if {
	count(short) == 0
}

applies if lower(input.resource.type) == "aws::sagemaker::endpointconfig"

short := [finding(place(index), "fewer machines than asked for") | some index in below]

below contains index if {
	some index, variant in variants
	machines := variant.InitialInstanceCount
	is_number(machines)
	machines < minimum
}

untold := array.concat(unlisted, uncounted)

unlisted := [finding("ProductionVariants", "the document does not tell the variants") | not lists_variants]

lists_variants if is_array(settings.ProductionVariants)

uncounted := [finding(place(index), "the document does not tell the number of machines") | some index in countless]

countless contains index if {
	some index, variant in variants
	not counted(variant)
}

counted(variant) if is_number(variant.InitialInstanceCount)

counted(variant) if is_object(variant.ServerlessConfig)

default variants := []

variants := settings.ProductionVariants if is_array(settings.ProductionVariants)

default minimum := 2

minimum := input.parameters.minimum if is_number(input.parameters.minimum)

place(index) := concat("", ["ProductionVariants[", json.marshal(index), "].InitialInstanceCount"])

finding(path, msg) := {"msg": msg, "path": concat(".", ["configuration", path])}

# A CloudFormation resource has Properties, a Describe answer has the fields at its top.
settings := object.get(input.configuration, "Properties", input.configuration)
