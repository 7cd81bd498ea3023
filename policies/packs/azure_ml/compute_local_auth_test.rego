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

test_an_untold_type_is_unknown if {
	compute_local_auth.verdict.state == "unknown" with input as {
		"configuration": {"properties": {"disableLocalAuth": true}},
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
