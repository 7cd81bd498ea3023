package muniment.aws_sagemaker.notebook_direct_internet_test

import data.muniment.aws_sagemaker.notebook_direct_internet
import rego.v1

test_the_wanted_value_passes if {
	notebook_direct_internet.verdict.state == "pass" with input as {
		"configuration": {"DirectInternetAccess": "Disabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	notebook_direct_internet.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"DirectInternetAccess": "Disabled"},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_enabled_fails if {
	notebook_direct_internet.verdict.state == "fail" with input as {
		"configuration": {"DirectInternetAccess": "Enabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	notebook_direct_internet.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	notebook_direct_internet.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	notebook_direct_internet.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"DirectInternetAccess": "absent"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_direct_internet.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	notebook_direct_internet.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"DirectInternetAccess": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	notebook_direct_internet.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
