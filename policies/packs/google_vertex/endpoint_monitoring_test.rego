package muniment.google_vertex.endpoint_monitoring_test

import data.muniment.google_vertex.endpoint_monitoring
import rego.v1

test_the_wanted_value_passes if {
	endpoint_monitoring.verdict.state == "pass" with input as {
		"configuration": {
			"modelDeploymentMonitoringJob": "projects/assist-prod/locations/europe-west4/modelDeploymentMonitoringJobs/99",
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_plan_passes if {
	endpoint_monitoring.verdict.state == "pass" with input as {
		"configuration": {
			"modelDeploymentMonitoringJob": "projects/assist-prod/locations/europe-west4/modelDeploymentMonitoringJobs/99",
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_an_empty_name_fails if {
	endpoint_monitoring.verdict.state == "fail" with input as {
		"configuration": {"modelDeploymentMonitoringJob": ""},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	endpoint_monitoring.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_a_declared_absence_is_unknown if {
	endpoint_monitoring.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	endpoint_monitoring.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"modelDeploymentMonitoringJob": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	endpoint_monitoring.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "declared"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_monitoring.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
