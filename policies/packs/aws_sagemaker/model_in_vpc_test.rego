package muniment.aws_sagemaker.model_in_vpc_test

import data.muniment.aws_sagemaker.model_in_vpc
import rego.v1

test_the_wanted_value_passes if {
	model_in_vpc.verdict.state == "pass" with input as {
		"configuration": {"VpcConfig": {"Subnets": ["subnet-0a1b2c3d"]}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	model_in_vpc.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"VpcConfig": {"Subnets": ["subnet-0a1b2c3d"]}},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_an_empty_list_fails if {
	model_in_vpc.verdict.state == "fail" with input as {
		"configuration": {"VpcConfig": {"Subnets": []}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	model_in_vpc.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	model_in_vpc.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::Model", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	model_in_vpc.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"VpcConfig.Subnets": "absent"},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	model_in_vpc.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"VpcConfig": "absent"},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	model_in_vpc.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	model_in_vpc.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"VpcConfig": {"Subnets": {"Ref": "Setting"}}},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_an_attribute_of_another_resource_passes if {
	model_in_vpc.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"VpcConfig": {"Subnets": {"Fn::GetAtt": ["Key", "Arn"]}}},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	model_in_vpc.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}
