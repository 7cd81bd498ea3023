package muniment.google_vertex.job_service_account_test

import data.muniment.google_vertex.job_service_account
import rego.v1

test_a_named_account_passes if {
	job_service_account.verdict.state == "pass" with input as {
		"configuration": {
			"jobSpec": {
				"serviceAccount": "assist-serving@assist-prod.iam.gserviceaccount.com",
			},
		},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_pipeline_with_an_account_passes if {
	job_service_account.verdict.state == "pass" with input as {
		"configuration": {"serviceAccount": "assist-serving@assist-prod.iam.gserviceaccount.com"},
		"resource": {
			"type": "aiplatform.googleapis.com/PipelineJob",
			"provenance": "declared",
		},
	}
}

test_no_account_fails if {
	job_service_account.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_an_empty_account_fails if {
	job_service_account.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {"serviceAccount": ""}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_pipeline_without_an_account_fails if {
	job_service_account.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/PipelineJob",
			"provenance": "declared",
		},
	}
}

test_an_absence_that_is_told_fails if {
	job_service_account.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {}},
		"fields": {"jobSpec.serviceAccount": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_service_account.verdict.state == "unknown" with input as {
		"configuration": {"jobSpec": {}},
		"fields": {"labels": "observed"},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	job_service_account.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
