package muniment.deployment.no_local_keys_test

import data.muniment.deployment.no_local_keys
import rego.v1

test_no_keys_pass if {
	no_local_keys.verdict.state == "pass" with input as {
		"configuration": {
			"identity": {"local_keys": false},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_keys_fail if {
	no_local_keys.verdict.state == "fail" with input as {
		"configuration": {
			"identity": {"local_keys": true},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_a_part_that_is_left_out_is_unknown if {
	no_local_keys.verdict.state == "unknown" with input as {
		"configuration": {"deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_value_that_is_left_out_is_unknown if {
	no_local_keys.verdict.state == "unknown" with input as {
		"configuration": {"identity": {}, "deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_stopped_deployment_is_not_judged if {
	no_local_keys.verdict.state == "not_applicable" with input as {
		"configuration": {
			"identity": {"local_keys": true},
			"deployment": {"name": "assist", "desired": "stopped"},
		},
		"resource": {"type": "deployment"},
	}
}

test_other_resources_are_not_judged if {
	no_local_keys.verdict.state == "not_applicable" with input as {"configuration": {}, "resource": {"type": "workspace"}}
}
