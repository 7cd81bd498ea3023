package muniment.deployment.within_limits_test

import data.muniment.deployment.within_limits
import rego.v1

test_limits_that_are_kept_pass if {
	within_limits.verdict.state == "pass" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 60000},
			"scale": {"minimum": 1, "maximum": 4},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_only_what_the_assignment_limits_is_judged if {
	within_limits.verdict.state == "pass" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 1, "requests_per_minute": 9999},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 10},
	}
}

test_too_many_tokens_fail if {
	within_limits.verdict.state == "fail" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 200000},
			"scale": {"minimum": 1, "maximum": 4},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_too_many_machines_fail if {
	within_limits.verdict.state == "fail" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 60000},
			"scale": {"minimum": 1, "maximum": 9},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_one_limit_that_is_broken_decides if {
	within_limits.verdict.state == "fail" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 200000},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_a_limit_that_is_left_out_is_unknown if {
	within_limits.verdict.state == "unknown" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 60000},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_without_limits_of_the_assignment_the_answer_is_unknown if {
	within_limits.verdict.state == "unknown" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 60000},
			"scale": {"minimum": 1, "maximum": 4},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
	}
}

test_a_limit_of_the_wrong_type_is_not_taken if {
	within_limits.verdict.state == "unknown" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 60000},
			"scale": {"minimum": 1, "maximum": 4},
			"deployment": {"name": "assist", "desired": "running"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"instances": "4"},
	}
}

test_a_stopped_deployment_is_not_judged if {
	within_limits.verdict.state == "not_applicable" with input as {
		"configuration": {
			"limits": {"tokens_per_minute": 200000},
			"scale": {"minimum": 1, "maximum": 9},
			"deployment": {"name": "assist", "desired": "stopped"},
		},
		"resource": {"type": "deployment"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}

test_other_resources_are_not_judged if {
	within_limits.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "workspace"},
		"parameters": {"tokens_per_minute": 100000, "instances": 4},
	}
}
