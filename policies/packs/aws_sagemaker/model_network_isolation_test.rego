package muniment.aws_sagemaker.model_network_isolation_test

import data.muniment.aws_sagemaker.model_network_isolation
import rego.v1

test_isolation_passes if {
	model_network_isolation.verdict.state == "pass" with input as {
		"configuration": {"EnableNetworkIsolation": true},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_no_isolation_fails if {
	model_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"EnableNetworkIsolation": false},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_absence_in_a_template_fails if {
	model_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"Properties": {}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	model_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {"Properties": {"EnableNetworkIsolation": {"Ref": "Isolation"}}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_absence_in_an_observation_is_unknown if {
	model_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	model_network_isolation.verdict.state == "not_applicable" with input as {
		"configuration": {"DirectInternetAccess": "Enabled"},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}
