package muniment.google_vertex.endpoint_private_test

import data.muniment.google_vertex.endpoint_private
import rego.v1

test_a_peered_network_passes if {
	endpoint_private.verdict.state == "pass" with input as {
		"configuration": {"network": "projects/123456789012/global/networks/assist"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_private_service_connect_passes if {
	endpoint_private.verdict.state == "pass" with input as {
		"configuration": {"privateServiceConnectConfig": {"enablePrivateServiceConnect": true}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_the_older_switch_passes if {
	endpoint_private.verdict.state == "pass" with input as {
		"configuration": {"enablePrivateServiceConnect": true},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_neither_fails if {
	endpoint_private.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_empty_network_fails if {
	endpoint_private.verdict.state == "fail" with input as {
		"configuration": {"network": ""},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_a_switch_that_is_off_fails if {
	endpoint_private.verdict.state == "fail" with input as {
		"configuration": {"privateServiceConnectConfig": {"enablePrivateServiceConnect": false}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_absences_that_are_told_fail if {
	endpoint_private.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {
			"network": "absent",
			"privateServiceConnectConfig.enablePrivateServiceConnect": "absent",
			"enablePrivateServiceConnect": "absent",
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	endpoint_private.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"network": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_one_way_that_is_told_suffices if {
	endpoint_private.verdict.state == "pass" with input as {
		"configuration": {"network": "projects/123456789012/global/networks/assist"},
		"fields": {"network": "declared"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_private.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
