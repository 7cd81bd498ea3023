package muniment.aws_sagemaker.notebook_direct_internet_test

import data.muniment.aws_sagemaker.notebook_direct_internet
import rego.v1

test_disabled_in_a_template_passes if {
	notebook_direct_internet.verdict.state == "pass" with input as {
		"configuration": {
			"Properties": {"InstanceType": "ml.t3.medium", "DirectInternetAccess": "Disabled"},
		},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_an_observed_disabled_access_passes if {
	notebook_direct_internet.verdict.state == "pass" with input as {
		"configuration": {"DirectInternetAccess": "Disabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_enabled_fails if {
	notebook_direct_internet.verdict.state == "fail" with input as {
		"configuration": {"DirectInternetAccess": "Enabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_absence_in_a_template_fails if {
	notebook_direct_internet.verdict.state == "fail" with input as {
		"configuration": {"Properties": {"InstanceType": "ml.t3.medium"}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	notebook_direct_internet.verdict.state == "unknown" with input as {
		"configuration": {"Properties": {"DirectInternetAccess": {"Ref": "Access"}}},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "declared"},
	}
}

test_absence_in_an_observation_is_unknown if {
	notebook_direct_internet.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	notebook_direct_internet.verdict.state == "not_applicable" with input as {
		"configuration": {"EnableNetworkIsolation": false},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
