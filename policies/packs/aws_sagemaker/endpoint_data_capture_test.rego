package muniment.aws_sagemaker.endpoint_data_capture_test

import data.muniment.aws_sagemaker.endpoint_data_capture
import rego.v1

test_the_wanted_value_passes if {
	endpoint_data_capture.verdict.state == "pass" with input as {
		"configuration": {"DataCaptureConfig": {"EnableCapture": true}},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	endpoint_data_capture.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::EndpointConfig",
			"Properties": {"DataCaptureConfig": {"EnableCapture": true}},
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_no_capture_fails if {
	endpoint_data_capture.verdict.state == "fail" with input as {
		"configuration": {"DataCaptureConfig": {"EnableCapture": false}},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	endpoint_data_capture.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	endpoint_data_capture.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	endpoint_data_capture.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"DataCaptureConfig.EnableCapture": "absent"},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	endpoint_data_capture.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"DataCaptureConfig": "absent"},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	endpoint_data_capture.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	endpoint_data_capture.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::EndpointConfig",
			"Properties": {"DataCaptureConfig": {"EnableCapture": {"Ref": "Setting"}}},
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_a_switch_written_as_text_passes if {
	endpoint_data_capture.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::EndpointConfig",
			"Properties": {"DataCaptureConfig": {"EnableCapture": "true"}},
		},
		"resource": {"type": "AWS::SageMaker::EndpointConfig", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_data_capture.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
