package muniment.aws_sagemaker.domain_kms_key_test

import data.muniment.aws_sagemaker.domain_kms_key
import rego.v1

test_the_wanted_value_passes if {
	domain_kms_key.verdict.state == "pass" with input as {
		"configuration": {
			"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	domain_kms_key.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {
				"KmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1f0c7a52-7d0e-4b0a-9a37-0d5f2f6f9f10",
			},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_an_empty_key_fails if {
	domain_kms_key.verdict.state == "fail" with input as {
		"configuration": {"KmsKeyId": ""},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	domain_kms_key.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	domain_kms_key.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::Domain", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	domain_kms_key.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"KmsKeyId": "absent"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	domain_kms_key.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	domain_kms_key.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {"KmsKeyId": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_an_attribute_of_another_resource_passes if {
	domain_kms_key.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	domain_kms_key.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
