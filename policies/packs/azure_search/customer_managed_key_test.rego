package muniment.azure_search.customer_managed_key_test

import data.muniment.azure_search.customer_managed_key
import rego.v1

test_enforced_and_compliant_passes if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"encryptionWithCmk": {
					"enforcement": "Enabled",
					"encryptionComplianceStatus": "Compliant",
				},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	customer_managed_key.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"encryptionWithCmk": {
					"enforcement": "enabled",
					"encryptionComplianceStatus": "COMPLIANT",
				},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_enforced_but_not_compliant_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"encryptionWithCmk": {
					"enforcement": "Enabled",
					"encryptionComplianceStatus": "NonCompliant",
				},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_compliant_but_not_enforced_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"encryptionWithCmk": {
					"enforcement": "Disabled",
					"encryptionComplianceStatus": "Compliant",
				},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_service_without_a_status_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Enabled"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {
			"properties.encryptionWithCmk.enforcement": "absent",
			"properties.encryptionWithCmk.encryptionComplianceStatus": "absent",
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_that_enforces_nothing_fails if {
	customer_managed_key.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_template_does_not_tell_the_status if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Enabled"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Enabled"}}},
		"fields": {"properties.encryptionWithCmk.enforcement": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	customer_managed_key.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"encryptionWithCmk": {"enforcement": "[parameters('enforcement')]"},
			},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	customer_managed_key.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
