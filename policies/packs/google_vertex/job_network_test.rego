package muniment.google_vertex.job_network_test

import data.muniment.google_vertex.job_network
import rego.v1

test_a_peered_network_passes if {
	job_network.verdict.state == "pass" with input as {
		"configuration": {"jobSpec": {"network": "projects/123456789012/global/networks/assist"}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_network_attachment_passes if {
	job_network.verdict.state == "pass" with input as {
		"configuration": {
			"jobSpec": {
				"pscInterfaceConfig": {
					"networkAttachment": "projects/assist-prod/regions/europe-west4/networkAttachments/assist",
				},
			},
		},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_pipeline_in_a_network_passes if {
	job_network.verdict.state == "pass" with input as {
		"configuration": {"network": "projects/123456789012/global/networks/assist"},
		"resource": {
			"type": "aiplatform.googleapis.com/PipelineJob",
			"provenance": "observed",
		},
	}
}

test_neither_fails if {
	job_network.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {"workerPoolSpecs": []}},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_a_pipeline_without_a_network_fails if {
	job_network.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/PipelineJob",
			"provenance": "declared",
		},
	}
}

test_absences_that_are_told_fail if {
	job_network.verdict.state == "fail" with input as {
		"configuration": {"jobSpec": {}},
		"fields": {
			"jobSpec.network": "absent",
			"jobSpec.pscInterfaceConfig.networkAttachment": "absent",
		},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	job_network.verdict.state == "unknown" with input as {
		"configuration": {"jobSpec": {}},
		"fields": {"jobSpec.network": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/CustomJob",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	job_network.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
