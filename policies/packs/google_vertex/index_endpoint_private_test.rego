package muniment.google_vertex.index_endpoint_private_test

import data.muniment.google_vertex.index_endpoint_private
import rego.v1

test_off_passes if {
	index_endpoint_private.verdict.state == "pass" with input as {
		"configuration": {"publicEndpointEnabled": false},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "observed",
		},
	}
}

test_on_fails if {
	index_endpoint_private.verdict.state == "fail" with input as {
		"configuration": {"publicEndpointEnabled": true},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "observed",
		},
	}
}

test_on_in_a_plan_fails if {
	index_endpoint_private.verdict.state == "fail" with input as {
		"configuration": {"publicEndpointEnabled": true},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "declared",
		},
	}
}

test_an_observed_absence_passes if {
	index_endpoint_private.verdict.state == "pass" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "observed",
		},
	}
}

test_a_declared_absence_passes if {
	index_endpoint_private.verdict.state == "pass" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "declared",
		},
	}
}

test_an_absence_that_is_told_passes if {
	index_endpoint_private.verdict.state == "pass" with input as {
		"configuration": {},
		"fields": {"publicEndpointEnabled": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	index_endpoint_private.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "observed"},
		"resource": {
			"type": "aiplatform.googleapis.com/IndexEndpoint",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	index_endpoint_private.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
