package muniment.deployment.network_private_test

import data.muniment.deployment.network_private
import rego.v1

test_a_closed_network_passes if {
	network_private.verdict.state == "pass" with input as {
		"configuration": {
			"network": {"public_access": false},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_a_public_network_fails if {
	network_private.verdict.state == "fail" with input as {
		"configuration": {
			"network": {"public_access": true},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_a_part_that_is_left_out_is_unknown if {
	network_private.verdict.state == "unknown" with input as {
		"configuration": {"deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_value_that_is_left_out_is_unknown if {
	network_private.verdict.state == "unknown" with input as {
		"configuration": {"network": {}, "deployment": {"name": "assist", "desired": "running"}},
		"resource": {"type": "deployment"},
	}
}

test_a_stopped_deployment_is_not_judged if {
	network_private.verdict.state == "not_applicable" with input as {
		"configuration": {
			"network": {"public_access": true},
			"deployment": {"name": "assist", "desired": "stopped"},
		},
		"resource": {"type": "deployment"},
	}
}

test_other_resources_are_not_judged if {
	network_private.verdict.state == "not_applicable" with input as {"configuration": {}, "resource": {"type": "workspace"}}
}
