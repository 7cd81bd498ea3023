package muniment.promotion.reason_given_test

import data.muniment.promotion.reason_given
import rego.v1

test_a_reason_passes if {
	reason_given.verdict.state == "pass" with input as {
		"target": {"slug": "assist-prod", "stage": "production"},
		"reason": "Grounded answers improved, release 12.",
	}
}

test_the_length_can_be_chosen if {
	reason_given.verdict.state == "pass" with input as {
		"target": {"slug": "assist-prod", "stage": "production"},
		"reason": "Fix.",
		"parameters": {"minimum_length": 4},
	}
}

test_a_short_reason_fails if {
	reason_given.verdict.state == "fail" with input as {
		"target": {"slug": "assist-prod", "stage": "production"},
		"reason": "  ok             ",
	}
}

test_stages_of_the_wrong_type_are_not_taken if {
	reason_given.verdict.state == "fail" with input as {
		"target": {"slug": "assist-prod", "stage": "production"},
		"reason": "",
		"parameters": {"stages": "none"},
	}
}

test_a_reason_that_is_not_told_is_unknown if {
	reason_given.verdict.state == "unknown" with input as {"target": {"slug": "assist-prod", "stage": "production"}}
}

test_development_needs_no_reason if {
	reason_given.verdict.state == "not_applicable" with input as {"target": {"slug": "assist-deve", "stage": "development"}, "reason": ""}
}
