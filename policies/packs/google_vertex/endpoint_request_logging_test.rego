package muniment.google_vertex.endpoint_request_logging_test

import data.muniment.google_vertex.endpoint_request_logging
import rego.v1

test_the_wanted_value_passes if {
	endpoint_request_logging.verdict.state == "pass" with input as {
		"configuration": {"predictRequestResponseLoggingConfig": {"enabled": true}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_plan_passes if {
	endpoint_request_logging.verdict.state == "pass" with input as {
		"configuration": {"predictRequestResponseLoggingConfig": {"enabled": true}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_logging_that_is_off_fails if {
	endpoint_request_logging.verdict.state == "fail" with input as {
		"configuration": {"predictRequestResponseLoggingConfig": {"enabled": false}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	endpoint_request_logging.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_a_declared_absence_fails if {
	endpoint_request_logging.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	endpoint_request_logging.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"predictRequestResponseLoggingConfig.enabled": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	endpoint_request_logging.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"predictRequestResponseLoggingConfig": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	endpoint_request_logging.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "declared"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_request_logging.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
