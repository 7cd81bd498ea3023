package muniment.aws_sagemaker.training_kms_keys_test

import data.muniment.aws_sagemaker.training_kms_keys
import rego.v1

test_two_keys_pass if {
	training_kms_keys.verdict.state == "pass" with input as {
		"configuration": {
			"OutputDataConfig": {
				"S3OutputPath": "s3://assist/models",
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
			"ResourceConfig": {
				"InstanceType": "ml.m5.xlarge",
				"InstanceCount": 1,
				"VolumeKmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_a_volume_without_a_key_fails if {
	training_kms_keys.verdict.state == "fail" with input as {
		"configuration": {
			"OutputDataConfig": {
				"S3OutputPath": "s3://assist/models",
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
			"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_an_output_without_a_key_fails if {
	training_kms_keys.verdict.state == "fail" with input as {
		"configuration": {
			"OutputDataConfig": {"S3OutputPath": "s3://assist/models"},
			"ResourceConfig": {
				"InstanceType": "ml.m5.xlarge",
				"InstanceCount": 1,
				"VolumeKmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_an_empty_key_fails if {
	training_kms_keys.verdict.state == "fail" with input as {
		"configuration": {
			"OutputDataConfig": {"S3OutputPath": "s3://assist/models", "KmsKeyId": ""},
			"ResourceConfig": {
				"InstanceType": "ml.m5.xlarge",
				"InstanceCount": 1,
				"VolumeKmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	training_kms_keys.verdict.state == "fail" with input as {
		"configuration": {
			"OutputDataConfig": {
				"S3OutputPath": "s3://assist/models",
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
			"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
		},
		"fields": {
			"OutputDataConfig.KmsKeyId": "observed",
			"ResourceConfig.VolumeKmsKeyId": "absent",
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	training_kms_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"OutputDataConfig": {
				"S3OutputPath": "s3://assist/models",
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
			"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
		},
		"fields": {"OutputDataConfig.KmsKeyId": "observed"},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "observed"},
	}
}

test_a_reference_is_unknown if {
	training_kms_keys.verdict.state == "unknown" with input as {
		"configuration": {
			"OutputDataConfig": {
				"S3OutputPath": "s3://assist/models",
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
			"ResourceConfig": {
				"InstanceType": "ml.m5.xlarge",
				"InstanceCount": 1,
				"VolumeKmsKeyId": {"Ref": "Key"},
			},
		},
		"resource": {"type": "AWS::SageMaker::TrainingJob", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	training_kms_keys.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
