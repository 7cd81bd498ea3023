package muniment.azure_databricks.no_public_ip_test

import data.muniment.azure_databricks.no_public_ip
import rego.v1

test_the_wanted_value_passes if {
	no_public_ip.verdict.state == "pass" with input as {
		"configuration": {"properties": {"parameters": {"enableNoPublicIp": {"value": true}}}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_public_addresses_fail if {
	no_public_ip.verdict.state == "fail" with input as {
		"configuration": {"properties": {"parameters": {"enableNoPublicIp": {"value": false}}}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_empty_text_fails if {
	no_public_ip.verdict.state == "fail" with input as {
		"configuration": {"properties": {"parameters": {"enableNoPublicIp": {"value": ""}}}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	no_public_ip.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_fails if {
	no_public_ip.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"fields": {"properties.parameters.enableNoPublicIp.value": "absent"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	no_public_ip.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"properties": "absent"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_an_absence_in_a_template_is_unknown if {
	no_public_ip.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	no_public_ip.verdict.state == "unknown" with input as {
		"configuration": {"properties": {}},
		"fields": {"sku.name": "observed"},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_a_template_expression_is_unknown if {
	no_public_ip.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"parameters": {"enableNoPublicIp": {"value": "[parameters('setting')]"}},
			},
		},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}

test_a_document_without_properties_is_unknown if {
	no_public_ip.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	no_public_ip.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_a_switch_written_as_text_passes if {
	no_public_ip.verdict.state == "pass" with input as {
		"configuration": {"properties": {"parameters": {"enableNoPublicIp": {"value": "True"}}}},
		"resource": {"type": "Microsoft.Databricks/workspaces", "provenance": "declared"},
	}
}
