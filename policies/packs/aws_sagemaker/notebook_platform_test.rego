package muniment.aws_sagemaker.notebook_platform_test

import data.muniment.aws_sagemaker.notebook_platform
import rego.v1

test_the_wanted_value_passes if {
	notebook_platform.verdict.state == "pass" with input as {
		"configuration": {"PlatformIdentifier": "notebook-al2-v3"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	notebook_platform.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"PlatformIdentifier": "notebook-al2-v3"},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_old_platform_fails if {
	notebook_platform.verdict.state == "fail" with input as {
		"configuration": {"PlatformIdentifier": "notebook-al1-v1"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	notebook_platform.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_is_unknown if {
	notebook_platform.verdict.state == "unknown" with input as {
		"configuration": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	notebook_platform.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"PlatformIdentifier": "absent"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_that_is_told_is_unknown if {
	notebook_platform.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"PlatformIdentifier": "absent"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_platform.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	notebook_platform.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::NotebookInstance",
			"Properties": {"PlatformIdentifier": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	notebook_platform.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_the_list_can_be_narrowed if {
	notebook_platform.verdict.state == "fail" with input as {
		"configuration": {"PlatformIdentifier": "notebook-al2-v3"},
		"parameters": {"platforms": ["notebook-al2023-v1"]},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_a_list_of_the_wrong_type_is_not_taken if {
	notebook_platform.verdict.state == "pass" with input as {
		"configuration": {"PlatformIdentifier": "notebook-al2-v3"},
		"parameters": {"platforms": "none"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}
