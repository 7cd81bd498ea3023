package muniment.aws_sagemaker.notebook_in_vpc_test

import data.muniment.aws_sagemaker.notebook_in_vpc
import rego.v1

test_the_wanted_value_passes if {
	notebook_in_vpc.verdict.state == "pass" with input as {
		"configuration": {"SubnetId": "subnet-0a1b2c3d"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	notebook_in_vpc.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"SubnetId": "subnet-0a1b2c3d"},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_empty_subnet_fails if {
	notebook_in_vpc.verdict.state == "fail" with input as {
		"configuration": {"SubnetId": ""},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	notebook_in_vpc.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	notebook_in_vpc.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	notebook_in_vpc.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"SubnetId": "absent"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_in_vpc.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	notebook_in_vpc.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"SubnetId": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_attribute_of_another_resource_passes if {
	notebook_in_vpc.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"SubnetId": {"Fn::GetAtt": ["Key", "Arn"]}},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	notebook_in_vpc.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
