package muniment.azure_search.customer_managed_key_enforced_test

import data.muniment.azure_search.customer_managed_key_enforced
import rego.v1

test_the_wanted_value_passes if {
	customer_managed_key_enforced.verdict.state == "pass" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Enabled"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_disabled_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Disabled"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_unspecified_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "Unspecified"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_value_of_another_type_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": 1}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.encryptionWithCmk.enforcement": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"properties": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	customer_managed_key_enforced.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	customer_managed_key_enforced.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.provisioningState": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	customer_managed_key_enforced.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {"encryptionWithCmk": {"enforcement": "[parameters('setting')]"}},
		},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_document_without_properties_is_unknown if {
	customer_managed_key_enforced.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	customer_managed_key_enforced.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_the_case_of_letters_does_not_matter if {
	customer_managed_key_enforced.verdict.state == "pass" with input as {
		"configuration": {"properties": {"encryptionWithCmk": {"enforcement": "ENABLED"}}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}
