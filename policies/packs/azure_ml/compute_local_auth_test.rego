package muniment.azure_ml.compute_local_auth_test

import data.muniment.azure_ml.compute_local_auth
import rego.v1

test_disabled_passes if {
	compute_local_auth.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {"computeType": "ComputeInstance", "disableLocalAuth": true},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_enabled_fails if {
	compute_local_auth.verdict.state == "fail" with input as {
		"configuration": {"properties": {"computeType": "AmlCompute", "disableLocalAuth": false}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_absence_fails if {
	compute_local_auth.verdict.state == "fail" with input as {
		"configuration": {"properties": {"computeType": "AmlCompute"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_a_template_expression_is_unknown if {
	compute_local_auth.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "AmlCompute",
				"disableLocalAuth": "[parameters('setting')]",
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_attached_clusters_are_not_judged if {
	compute_local_auth.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"computeType": "Kubernetes"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	compute_local_auth.verdict.state == "not_applicable" with input as {
		"configuration": {"properties": {"publicNetworkAccess": "Enabled"}},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces",
			"provenance": "observed",
		},
	}
}

test_what_the_source_tells_is_judged if {
	compute_local_auth.verdict.state == "pass" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"disableLocalAuth": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"properties.disableLocalAuth": "observed",
		},
	}
}

test_what_the_source_tells_as_absent_fails if {
	compute_local_auth.verdict.state == "fail" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
			"properties.disableLocalAuth": "absent",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	compute_local_auth.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "ComputeInstance",
				"properties": {},
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "observed",
			"properties.properties": "observed",
		},
	}
}

test_an_untold_type_is_unknown if {
	compute_local_auth.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"disableLocalAuth": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}

test_an_observed_compute_without_a_type_is_not_judged if {
	compute_local_auth.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"disableLocalAuth": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
	}
}

test_a_type_told_as_absent_is_not_judged if {
	compute_local_auth.verdict.state == "not_applicable" with input as {
		"configuration": {
			"properties": {
				"disableLocalAuth": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "observed",
		},
		"fields": {
			"properties": "observed",
			"properties.computeType": "absent",
		},
	}
}

test_a_type_that_only_a_deployment_resolves_is_unknown if {
	compute_local_auth.verdict.state == "unknown" with input as {
		"configuration": {
			"properties": {
				"computeType": "[parameters('type')]",
				"disableLocalAuth": true,
			},
		},
		"resource": {
			"type": "Microsoft.MachineLearningServices/workspaces/computes",
			"provenance": "declared",
		},
	}
}
