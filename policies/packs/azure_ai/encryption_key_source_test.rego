package muniment.azure_ai.encryption_key_source_test

import data.muniment.azure_ai.encryption_key_source
import rego.v1

test_a_named_source_passes if {
	encryption_key_source.verdict.state == "pass" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "Microsoft.CognitiveServices"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_no_settings_pass if {
	encryption_key_source.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_known_to_be_absent_pass if {
	encryption_key_source.verdict.state == "pass" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.encryption": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_without_a_source_fail if {
	encryption_key_source.verdict.state == "fail" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keyVaultProperties": {"keyName": "assist"}}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_an_empty_source_fails if {
	encryption_key_source.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {"keySource": null}}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_source_known_to_be_absent_fails if {
	encryption_key_source.verdict.state == "fail" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {}}},
		"fields": {
			"properties.encryption": "observed",
			"properties.encryption.keySource": "absent",
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_settings_that_the_source_does_not_tell_are_unknown if {
	encryption_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {}},
		"fields": {"properties.publicNetworkAccess": "observed"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_a_source_that_is_left_untold_is_unknown if {
	encryption_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": {}}},
		"fields": {"properties.encryption": "observed", "properties.other": "absent"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_unresolved_settings_are_unknown if {
	encryption_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI", "properties": {"encryption": "[parameters('setting')]"}},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_a_template_expression_is_unknown if {
	encryption_key_source.verdict.state == "unknown" with input as {
		"configuration": {
			"kind": "OpenAI",
			"properties": {"encryption": {"keySource": "[parameters('setting')]"}},
		},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "declared"},
	}
}

test_no_properties_are_unknown if {
	encryption_key_source.verdict.state == "unknown" with input as {
		"configuration": {"kind": "OpenAI"},
		"resource": {"type": "Microsoft.CognitiveServices/accounts", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	encryption_key_source.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
