package muniment.aws_sagemaker.monitoring_container_encryption_test

import data.muniment.aws_sagemaker.monitoring_container_encryption
import rego.v1

test_the_wanted_value_passes if {
	monitoring_container_encryption.verdict.state == "pass" with input as {
		"configuration": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": true}},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "observed",
		},
	}
}

test_the_wanted_value_in_a_template_passes if {
	monitoring_container_encryption.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::DataQualityJobDefinition",
			"Properties": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": true}},
		},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_plain_traffic_fails if {
	monitoring_container_encryption.verdict.state == "fail" with input as {
		"configuration": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": false}},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "observed",
		},
	}
}

test_an_observed_absence_fails if {
	monitoring_container_encryption.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "observed",
		},
	}
}

test_an_absence_in_a_template_fails if {
	monitoring_container_encryption.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::DataQualityJobDefinition", "Properties": {}},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_an_absence_that_is_told_fails if {
	monitoring_container_encryption.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"NetworkConfig.EnableInterContainerTrafficEncryption": "absent"},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_what_stands_in_something_absent_is_absent if {
	monitoring_container_encryption.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"NetworkConfig": "absent"},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "observed",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	monitoring_container_encryption.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_a_reference_is_unknown if {
	monitoring_container_encryption.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::DataQualityJobDefinition",
			"Properties": {
				"NetworkConfig": {"EnableInterContainerTrafficEncryption": {"Ref": "Setting"}},
			},
		},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_a_switch_written_as_text_passes if {
	monitoring_container_encryption.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::DataQualityJobDefinition",
			"Properties": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": "true"}},
		},
		"resource": {
			"type": "AWS::SageMaker::DataQualityJobDefinition",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	monitoring_container_encryption.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}

test_a_definition_for_bias_is_judged if {
	monitoring_container_encryption.verdict.state == "pass" with input as {
		"configuration": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": true}},
		"resource": {
			"type": "AWS::SageMaker::ModelBiasJobDefinition",
			"provenance": "observed",
		},
	}
}
