package muniment.aws_sagemaker.domain_idle_shutdown_test

import data.muniment.aws_sagemaker.domain_idle_shutdown
import rego.v1

test_the_wanted_value_passes if {
	domain_idle_shutdown.verdict.state == "pass" with input as {
		"configuration": {
			"DefaultUserSettings": {
				"JupyterLabAppSettings": {
					"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED"}},
				},
			},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_template_passes if {
	domain_idle_shutdown.verdict.state == "pass" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {
				"DefaultUserSettings": {
					"JupyterLabAppSettings": {
						"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED"}},
					},
				},
			},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_disabled_fails if {
	domain_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {
			"DefaultUserSettings": {
				"JupyterLabAppSettings": {
					"AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "DISABLED"}},
				},
			},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	domain_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	domain_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {"Type": "AWS::SageMaker::Domain", "Properties": {}},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	domain_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {
			"DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement": "absent",
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	domain_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"DefaultUserSettings": "absent"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	domain_idle_shutdown.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"Tags": "declared"},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_a_reference_is_unknown if {
	domain_idle_shutdown.verdict.state == "unknown" with input as {
		"configuration": {
			"Type": "AWS::SageMaker::Domain",
			"Properties": {
				"DefaultUserSettings": {
					"JupyterLabAppSettings": {
						"AppLifecycleManagement": {
							"IdleSettings": {"LifecycleManagement": {"Ref": "Setting"}},
						},
					},
				},
			},
		},
		"resource": {"type": "AWS::SageMaker::Domain", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	domain_idle_shutdown.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "AWS::SageMaker::Model", "provenance": "observed"},
	}
}
