package muniment.aws_sagemaker.domain_vpc_only_test

import data.muniment.aws_sagemaker.domain_vpc_only
import rego.v1

test_the_wanted_value_passes if {
	domain_vpc_only.verdict.state == "pass" with input as {
		"configuration": {"AppNetworkAccessType": "VpcOnly"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	domain_vpc_only.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {"AppNetworkAccessType": "VpcOnly"},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_public_access_fails if {
	domain_vpc_only.verdict.state == "fail" with input as {
		"configuration": {"AppNetworkAccessType": "PublicInternetOnly"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_observed_absence_is_unknown if {
	domain_vpc_only.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	domain_vpc_only.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::Domain", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	domain_vpc_only.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"AppNetworkAccessType": "absent"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	domain_vpc_only.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	domain_vpc_only.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {"AppNetworkAccessType": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	domain_vpc_only.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
