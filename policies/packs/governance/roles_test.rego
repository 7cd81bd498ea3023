package muniment.governance.roles_test

import data.muniment.governance.roles
import rego.v1

test_a_record_in_force_passes if {
	roles.verdict.state == "pass" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_draft_fails if {
	roles.verdict.state == "fail" with input as {
		"configuration": {
			"status": "draft",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_no_owner_fails if {
	roles.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_no_evidence_fails if {
	roles.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": [],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_an_overdue_review_fails if {
	roles.verdict.state == "fail" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2026-11-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_record_that_leaves_a_part_out_is_unknown if {
	roles.verdict.state == "unknown" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_a_part_of_another_type_is_unknown if {
	roles.verdict.state == "unknown" with input as {
		"configuration": {
			"status": 7,
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/roles", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}

test_other_records_are_not_judged if {
	roles.verdict.state == "not_applicable" with input as {
		"configuration": {
			"status": "in_force",
			"owner": "ai-office",
			"evidence": ["https://records.example/ai/roles"],
			"next_review": "2027-05-01T00:00:00.000000+00:00",
		},
		"resource": {"type": "governance/other", "provenance": "declared"},
		"now": "2026-11-20T09:30:00.000000+00:00",
	}
}
