package muniment.aws_sagemaker.model_network_isolation_test

import data.muniment.aws_sagemaker.model_network_isolation
import rego.v1

test_the_wanted_value_passes if {
	model_network_isolation.verdict.state == "pass" with input as {
		"configuration": {"EnableNetworkIsolation": true},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	model_network_isolation.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"EnableNetworkIsolation": true},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_no_isolation_fails if {
	model_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"EnableNetworkIsolation": false},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	model_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	model_network_isolation.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::Model", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	model_network_isolation.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"EnableNetworkIsolation": "absent"},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	model_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	model_network_isolation.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"EnableNetworkIsolation": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_a_switch_written_as_text_passes if {
	model_network_isolation.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Model",
			"Properties": {"EnableNetworkIsolation": "true"},
		},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	model_network_isolation.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::NotebookInstance", "provenance": "observed"},
	}
}
