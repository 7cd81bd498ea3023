package muniment.aws_sagemaker.model_package_approved_test

import data.muniment.aws_sagemaker.model_package_approved
import rego.v1

test_the_wanted_value_passes if {
	model_package_approved.verdict.state == "pass" with input as {
		"configuration": {"ModelApprovalStatus": "Approved"},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	model_package_approved.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::ModelPackage",
			"Properties": {"ModelApprovalStatus": "Approved"},
		},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "declared"},
	}
}

test_a_pending_package_fails if {
	model_package_approved.verdict.state == "fail" with input as {
		"configuration": {"ModelApprovalStatus": "PendingManualApproval"},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "observed"},
	}
}

test_a_rejected_package_fails if {
	model_package_approved.verdict.state == "fail" with input as {
		"configuration": {"ModelApprovalStatus": "Rejected"},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	model_package_approved.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	model_package_approved.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::ModelPackage", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	model_package_approved.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"ModelApprovalStatus": "absent"},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	model_package_approved.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	model_package_approved.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::ModelPackage",
			"Properties": {"ModelApprovalStatus": {"Ref": "Setting"}},
		},
		"resource": {"type": "AWS::SageMaker::ModelPackage", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	model_package_approved.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
