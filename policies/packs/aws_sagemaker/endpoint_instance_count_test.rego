package muniment.aws_sagemaker.endpoint_instance_count_test

import data.muniment.aws_sagemaker.endpoint_instance_count
import rego.v1

test_two_machines_pass if {
	endpoint_instance_count.verdict.state == "pass" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"InitialInstanceCount": 2,
					"InstanceType": "ml.m5.large",
				},
			],
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_a_serverless_variant_passes if {
	endpoint_instance_count.verdict.state == "pass" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
				},
			],
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_variants_of_a_template_are_judged if {
	endpoint_instance_count.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::EndpointConfig",
			"Properties": {
				"ProductionVariants": [
					{
						"VariantName": "v1",
						"ModelName": "assist",
						"InitialInstanceCount": 2,
						"InstanceType": "ml.m5.large",
					},
				],
			},
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_the_number_can_be_chosen if {
	endpoint_instance_count.verdict.state == "pass" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"InitialInstanceCount": 1,
					"InstanceType": "ml.m5.large",
				},
			],
		},
		"parameters": {"minimum": 1},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_one_machine_fails if {
	endpoint_instance_count.verdict.state == "fail" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"InitialInstanceCount": 1,
					"InstanceType": "ml.m5.large",
				},
			],
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_one_variant_of_two_fails if {
	endpoint_instance_count.verdict.state == "fail" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"InitialInstanceCount": 2,
					"InstanceType": "ml.m5.large",
				},
				{
					"VariantName": "v2",
					"ModelName": "assist",
					"InitialInstanceCount": 1,
					"InstanceType": "ml.m5.large",
				},
			],
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_a_number_of_the_wrong_type_is_not_taken if {
	endpoint_instance_count.verdict.state == "fail" with input as {
		"configuration": {
			"ProductionVariants": [
				{
					"VariantName": "v1",
					"ModelName": "assist",
					"InitialInstanceCount": 1,
					"InstanceType": "ml.m5.large",
				},
			],
		},
		"parameters": {"minimum": "1"},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_variants_that_are_not_told_are_unknown if {
	endpoint_instance_count.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_a_reference_is_unknown if {
	endpoint_instance_count.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::EndpointConfig",
			"Properties": {
				"ProductionVariants": [
					{
						"VariantName": "v1",
						"ModelName": "assist",
						"InitialInstanceCount": {"Ref": "Machines"},
					},
				],
			},
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_instance_count.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
