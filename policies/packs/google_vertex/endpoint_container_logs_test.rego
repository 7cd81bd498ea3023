package muniment.google_vertex.endpoint_container_logs_test

import data.muniment.google_vertex.endpoint_container_logs
import rego.v1

test_every_model_as_wanted_passes if {
	endpoint_container_logs.verdict.state == "pass" with input as {
		"configuration": {
			"deployedModels": [
				{
					"id": "1",
					"model": "projects/assist-prod/locations/europe-west4/models/4716",
					"disableContainerLogging": false,
				},
				{
					"id": "2",
					"model": "projects/assist-prod/locations/europe-west4/models/4716",
				},
			],
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_one_model_without_logs_fails if {
	endpoint_container_logs.verdict.state == "fail" with input as {
		"configuration": {
			"deployedModels": [
				{
					"id": "1",
					"model": "projects/assist-prod/locations/europe-west4/models/4716",
					"disableContainerLogging": false,
				},
				{
					"id": "2",
					"model": "projects/assist-prod/locations/europe-west4/models/4716",
					"disableContainerLogging": true,
				},
			],
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_a_model_that_does_not_say_logs if {
	endpoint_container_logs.verdict.state == "pass" with input as {
		"configuration": {
			"deployedModels": [
				{
					"id": "1",
					"model": "projects/assist-prod/locations/europe-west4/models/4716",
				},
			],
		},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_endpoint_without_models_is_not_judged if {
	endpoint_container_logs.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_is_not_judged if {
	endpoint_container_logs.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"fields": {"deployedModels": "absent"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_a_declared_endpoint_does_not_tell_its_models if {
	endpoint_container_logs.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "declared"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	endpoint_container_logs.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"network": "observed"},
		"resource": {"type": "aiplatform.googleapis.com/Endpoint", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	endpoint_container_logs.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
