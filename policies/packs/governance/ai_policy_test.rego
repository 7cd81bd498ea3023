package muniment.governance.ai_policy_test

import data.muniment.governance.ai_policy
import rego.v1

test_a_record_in_force_passes if {
	ai_policy.verdict.state == "pass" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_draft_fails if {
	ai_policy.verdict.state == "fail" with input as {
		"configuration": {
			"status": "draft",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_no_owner_fails if {
	ai_policy.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_no_evidence_fails if {
	ai_policy.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": [],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_an_overdue_review_fails if {
	ai_policy.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2026-11-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_record_that_leaves_a_part_out_is_unknown if {
	ai_policy.verdict.state == "unknown" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_part_of_another_type_is_unknown if {
	ai_policy.verdict.state == "unknown" with input as {
		"configuration": {
			"status": 7,
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/ai-policy", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_other_records_are_not_judged if {
	ai_policy.verdict.state == "not_applicable" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/ai-policy"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/other", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}
