package muniment.azure_search.local_auth_disabled_test

import data.muniment.azure_search.local_auth_disabled
import rego.v1

test_the_wanted_value_passes if {
	local_auth_disabled.verdict.state == "pass" with input as {
		"configuration": {"properties": {"disableLocalAuth": true}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_keys_that_are_on_fail if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"properties": {"disableLocalAuth": false}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_empty_text_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"properties": {"disableLocalAuth": ""}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.disableLocalAuth": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"properties": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	local_auth_disabled.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.provisioningState": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"disableLocalAuth": "[parameters('setting')]"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_document_without_properties_is_unknown if {
	local_auth_disabled.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	local_auth_disabled.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_a_switch_written_as_text_passes if {
	local_auth_disabled.verdict.state == "pass" with input as {
		"configuration": {"properties": {"disableLocalAuth": "true"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}
