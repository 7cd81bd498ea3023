package muniment.aws_sagemaker.training_container_encryption_test

import data.muniment.aws_sagemaker.training_container_encryption
import rego.v1

test_the_wanted_value_passes if {
	training_container_encryption.verdict.state == "pass" with input as {
		"configuration": {"EnableInterContainerTrafficEncryption": true},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	training_container_encryption.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::TrainingJob",
			"Properties": {"EnableInterContainerTrafficEncryption": true},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_plain_traffic_fails if {
	training_container_encryption.verdict.state == "fail" with input as {
		"configuration": {"EnableInterContainerTrafficEncryption": false},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	training_container_encryption.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	training_container_encryption.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::TrainingJob", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	training_container_encryption.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"EnableInterContainerTrafficEncryption": "absent"},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	training_container_encryption.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	training_container_encryption.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::TrainingJob",
			"Properties": {"EnableInterContainerTrafficEncryption": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_a_switch_written_as_text_passes if {
	training_container_encryption.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::TrainingJob",
			"Properties": {"EnableInterContainerTrafficEncryption": "true"},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	training_container_encryption.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
