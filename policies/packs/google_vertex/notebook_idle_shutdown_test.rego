package muniment.google_vertex.notebook_idle_shutdown_test

import data.muniment.google_vertex.notebook_idle_shutdown
import rego.v1

test_an_idle_time_passes if {
	notebook_idle_shutdown.verdict.state == "pass" with input as {
		"configuration": {"idleShutdownConfig": {"idleTimeout": "3600s"}},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_a_declared_idle_time_passes if {
	notebook_idle_shutdown.verdict.state == "pass" with input as {
		"configuration": {
			"idleShutdownConfig": {"idleTimeout": "10800s", "idleShutdownDisabled": false},
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_a_told_idle_time_passes if {
	notebook_idle_shutdown.verdict.state == "pass" with input as {
		"configuration": {"idleShutdownConfig": {"idleTimeout": "3600s"}},
		"fields": {
			"idleShutdownConfig.idleTimeout": "observed",
			"idleShutdownConfig.idleShutdownDisabled": "absent",
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_a_disabled_shutdown_fails if {
	notebook_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {
			"idleShutdownConfig": {"idleTimeout": "3600s", "idleShutdownDisabled": true},
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_an_observed_absence_fails if {
	notebook_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_no_time_fails if {
	notebook_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {"idleShutdownConfig": {"idleTimeout": "0s"}},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_an_absence_that_is_told_fails if {
	notebook_idle_shutdown.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {
			"idleShutdownConfig.idleTimeout": "absent",
			"idleShutdownConfig.idleShutdownDisabled": "absent",
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_an_absence_that_is_declared_and_told_is_unknown if {
	notebook_idle_shutdown.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {
			"idleShutdownConfig.idleTimeout": "absent",
			"idleShutdownConfig.idleShutdownDisabled": "absent",
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_a_declared_absence_is_unknown if {
	notebook_idle_shutdown.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_idle_shutdown.verdict.state == "unknown" with input as {
		"configuration": {"idleShutdownConfig": {"idleTimeout": "3600s"}},
		"fields": {"idleShutdownConfig.idleTimeout": "observed"},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	notebook_idle_shutdown.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}
