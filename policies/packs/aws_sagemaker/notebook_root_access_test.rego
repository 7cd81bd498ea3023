package muniment.aws_sagemaker.notebook_root_access_test

import data.muniment.aws_sagemaker.notebook_root_access
import rego.v1

test_the_wanted_value_passes if {
	notebook_root_access.verdict.state == "pass" with input as {
		"configuration": {"RootAccess": "Disabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	notebook_root_access.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"RootAccess": "Disabled"},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_enabled_fails if {
	notebook_root_access.verdict.state == "fail" with input as {
		"configuration": {"RootAccess": "Enabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_a_value_of_another_type_fails if {
	notebook_root_access.verdict.state == "fail" with input as {
		"configuration": {"RootAccess": false},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	notebook_root_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	notebook_root_access.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	notebook_root_access.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"RootAccess": "absent"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_root_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	notebook_root_access.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"RootAccess": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	notebook_root_access.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
