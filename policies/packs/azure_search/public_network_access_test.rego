package muniment.azure_search.public_network_access_test

import data.muniment.azure_search.public_network_access
import rego.v1

test_the_wanted_value_passes if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Disabled"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_enabled_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_another_mode_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_value_of_another_type_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {"publicNetworkAccess": false}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.publicNetworkAccess": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"properties": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_fails if {
	public_network_access.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.provisioningState": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "[parameters('setting')]"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_document_without_properties_is_unknown if {
	public_network_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	public_network_access.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_the_case_of_letters_does_not_matter if {
	public_network_access.verdict.state == "pass" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "disabled"}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}
