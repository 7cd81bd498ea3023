package muniment.google_vertex.job_web_access_test

import data.muniment.google_vertex.job_web_access
import rego.v1

test_off_passes if {
	job_web_access.verdict.state == "pass" with input as {
		"configuration": {"jobSpec": {"enableWebAccess": false}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_on_fails if {
	job_web_access.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {"enableWebAccess": true}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_on_in_a_plan_fails if {
	job_web_access.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {"enableWebAccess": true}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "declared",
		},
	}
}

test_an_observed_absence_passes if {
	job_web_access.verdict.state == "pass" with input as {
		"configuration": {"jobSpec": {}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_declared_absence_passes if {
	job_web_access.verdict.state == "pass" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "declared",
		},
	}
}

test_an_absence_that_is_told_passes if {
	job_web_access.verdict.state == "pass" with input as {
		"configuration": {},
		"fields": {"jobSpec.enableWebAccess": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_web_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "observed"},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	job_web_access.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
