package muniment.azure_databricks.premium_sku_test

import data.muniment.azure_databricks.premium_sku
import rego.v1

test_premium_passes if {
	premium_sku.verdict.state == "pass" with input as {
		"configuration": {"sku": {"name": "premium"}, "properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	premium_sku.verdict.state == "pass" with input as {
		"configuration": {"sku": {"name": "Premium"}, "properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_tier_that_is_observed_to_be_unstated_passes if {
	premium_sku.verdict.state == "pass" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_passes if {
	premium_sku.verdict.state == "pass" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "absent"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_standard_fails if {
	premium_sku.verdict.state == "fail" with input as {
		"configuration": {"sku": {"name": "standard"}, "properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_trial_fails if {
	premium_sku.verdict.state == "fail" with input as {
		"configuration": {"sku": {"name": "trial"}, "properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_template_without_a_tier_is_unknown if {
	premium_sku.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	premium_sku.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.publicNetworkAccess": "observed"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	premium_sku.verdict.state == "unknown" with input as {
		"configuration": {"sku": {"name": "[parameters('tier')]"}, "properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_other_resources_are_not_judged if {
	premium_sku.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}
