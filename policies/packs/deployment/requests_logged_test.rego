package muniment.deployment.requests_logged_test

import data.muniment.deployment.requests_logged
import rego.v1

test_logged_requests_pass if {
	requests_logged.verdict.state == "pass" with input as {
		"configuration": {
			"logging": {"requests": true},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_requests_that_are_not_logged_fail if {
	requests_logged.verdict.state == "fail" with input as {
		"configuration": {
			"logging": {"requests": false},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_a_part_that_is_left_out_is_unknown if {
	requests_logged.verdict.state == "unknown" with input as {
		"configuration": {"deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_value_that_is_left_out_is_unknown if {
	requests_logged.verdict.state == "unknown" with input as {
		"configuration": {"logging": {}, "deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_stopped_deployment_is_not_judged if {
	requests_logged.verdict.state == "not_applicable" with input as {
		"configuration": {
			"logging": {"requests": false},
			"deployment": {"name": "assist", "desired": "stopped"},
		},
		"resource": {"type": "deployment"},
	}
}

test_other_resources_are_not_judged if {
	requests_logged.verdict.state == "not_applicable" with input as {"configuration": {}, "resource": {"type": "workspace"}}
}
