package muniment.deployment.content_filters_test

import data.muniment.deployment.content_filters
import rego.v1

hate := {"name": "hate", "enabled": true, "blocking": true}

marking := {"name": "hate", "enabled": true, "blocking": false}

told(filters) := {
	"resource": {"type": "deployment"},
	"configuration": {
		"deployment": {"name": "assist", "desired": "running"},
		"content_filters": filters,
	},
}

with_parameters(filters, parameters) := object.union(told(filters), {"parameters": parameters})

test_filters_on_both_sides_pass if {
	content_filters.verdict.state == "pass" with input as told({"input": [hate], "output": [hate]})
}

test_the_required_filters_can_be_chosen if {
	content_filters.verdict.state == "pass" with input as with_parameters(
		{"input": [hate], "output": [hate]},
		{"required_input": ["Hate"], "required_output": ["hate"]},
	)
}

test_a_required_filter_that_is_missing_fails if {
	content_filters.verdict.state == "fail" with input as with_parameters(
		{"input": [hate], "output": [hate]},
		{"required_input": ["jailbreak"]},
	)
}

test_no_filters_on_output_fail if {
	content_filters.verdict.state == "fail" with input as told({"input": [hate], "output": []})
}

test_a_filter_that_does_not_block_fails if {
	content_filters.verdict.state == "fail" with input as told({"input": [hate], "output": [marking]})
}

test_required_filters_of_the_wrong_type_are_not_taken if {
	content_filters.verdict.state == "fail" with input as with_parameters(
		{"input": [], "output": []},
		{"required_input": "none"},
	)
}

test_a_side_that_is_left_out_is_unknown if {
	content_filters.verdict.state == "unknown" with input as told({"input": [hate]})
}

test_no_configuration_of_filters_is_unknown if {
	content_filters.verdict.state == "unknown" with input as {
		"resource": {"type": "deployment"},
		"configuration": {"deployment": {"name": "assist", "desired": "running"}},
	}
}

test_a_stopped_deployment_is_not_judged if {
	content_filters.verdict.state == "not_applicable" with input as {
		"resource": {"type": "deployment"},
		"configuration": {"deployment": {"name": "assist", "desired": "stopped"}},
	}
}

test_other_resources_are_not_judged if {
	content_filters.verdict.state == "not_applicable" with input as {
		"resource": {"type": "workspace"},
		"configuration": {"content_filters": {"input": [], "output": []}},
	}
}
