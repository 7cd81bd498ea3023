package muniment.azure_search.sku_supports_private_link_test

import data.muniment.azure_search.sku_supports_private_link
import rego.v1

test_a_standard_tier_passes if {
	sku_supports_private_link.verdict.state == "pass" with input as {
		"configuration": {"sku": {"name": "standard"}, "properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_tier_that_is_observed_to_be_unstated_passes if {
	sku_supports_private_link.verdict.state == "pass" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_passes if {
	sku_supports_private_link.verdict.state == "pass" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "absent"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_the_free_tier_fails if {
	sku_supports_private_link.verdict.state == "fail" with input as {
		"configuration": {"sku": {"name": "free"}, "properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	sku_supports_private_link.verdict.state == "fail" with input as {
		"configuration": {"sku": {"name": "Free"}, "properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_a_template_without_a_tier_is_unknown if {
	sku_supports_private_link.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	sku_supports_private_link.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.publicNetworkAccess": "observed"},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	sku_supports_private_link.verdict.state == "unknown" with input as {
		"configuration": {"sku": {"name": "[parameters('tier')]"}, "properties": {}},
		"resource": {"type": "Microsoft.Search/searchServices", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	sku_supports_private_link.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
