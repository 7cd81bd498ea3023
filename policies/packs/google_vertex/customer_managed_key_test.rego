package muniment.google_vertex.customer_managed_key_test

import data.muniment.google_vertex.customer_managed_key
import rego.v1

test_the_wanted_value_passes if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"encryptionSpec": {
				"kmsKeyName": "projects/assist-prod/locations/europe-west4/keyRings/ai/cryptoKeys/vertex",
			},
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_plan_passes if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"encryptionSpec": {
				"kmsKeyName": "projects/assist-prod/locations/europe-west4/keyRings/ai/cryptoKeys/vertex",
			},
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_an_empty_key_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"encryptionSpec": {"kmsKeyName": ""}},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_a_declared_absence_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"encryptionSpec.kmsKeyName": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"encryptionSpec": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "declared"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_a_model_without_a_key_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"displayName": "assist"},
		"resource": {"type": "aiplatform.googleapis.com/Model", "provenance": "observed"},
	}
}
