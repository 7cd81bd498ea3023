package muniment.azure_ml.user_assigned_identity_test

import data.muniment.azure_ml.user_assigned_identity
import rego.v1

test_a_named_identity_passes if {
	user_assigned_identity.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"primaryUserAssignedIdentity": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.ManagedIdentity/userAssignedIdentities/assist",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	user_assigned_identity.verdict.state == "fail" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	user_assigned_identity.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"primaryUserAssignedIdentity": "[resourceId('x','y')]"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "declared",
		},
	}
}

test_other_resources_are_not_judged if {
	user_assigned_identity.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {}},
		"resource": {
			"type": "Microsoft.CognitiveServices/accounts",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	user_assigned_identity.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"primaryUserAssignedIdentity": "/subscriptions/3f1c2a44-6f0e-4a53-9b1e-7a5f0c9d2b10/resourceGroups/assist/providers/Microsoft.ManagedIdentity/userAssignedIdentities/assist",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"identity": "observed",
			"identity.type": "observed",
			"properties.primaryUserAssignedIdentity": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	user_assigned_identity.verdict.state == "fail" with input as {
		"configuration": {
			"identity": {
				"type": "SystemAssigned",
			},
			"properties": {},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"identity": "observed",
			"identity.type": "observed",
			"properties.primaryUserAssignedIdentity": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	user_assigned_identity.verdict.state == "unknown" with input as {
		"configuration": {
			"identity": {
				"type": "SystemAssigned",
			},
			"properties": {},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"identity": "observed",
			"identity.type": "observed",
		},
	}
}

test_an_empty_identity_fails if {
	user_assigned_identity.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"primaryUserAssignedIdentity": "",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}
