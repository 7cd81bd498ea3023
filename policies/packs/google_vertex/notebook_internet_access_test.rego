package muniment.google_vertex.notebook_internet_access_test

import data.muniment.google_vertex.notebook_internet_access
import rego.v1

test_off_passes if {
	notebook_internet_access.verdict.state == "pass" with input as {
		"configuration": {"networkSpec": {"enableInternetAccess": false}},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_on_fails if {
	notebook_internet_access.verdict.state == "fail" with input as {
		"configuration": {"networkSpec": {"enableInternetAccess": true}},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_on_in_a_plan_fails if {
	notebook_internet_access.verdict.state == "fail" with input as {
		"configuration": {"networkSpec": {"enableInternetAccess": true}},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_an_observed_absence_passes if {
	notebook_internet_access.verdict.state == "pass" with input as {
		"configuration": {
			"networkSpec": {"network": "projects/123456789012/global/networks/assist"},
		},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_a_declared_absence_is_unknown if {
	notebook_internet_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	notebook_internet_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "observed"},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_other_resources_are_not_judged if {
	notebook_internet_access.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}

test_an_absence_that_is_told_passes if {
	notebook_internet_access.verdict.state == "pass" with input as {
		"configuration": {
			"networkSpec": {"network": "projects/123456789012/global/networks/assist"},
		},
		"fields": {"networkSpec.enableInternetAccess": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}

test_an_absence_that_is_declared_is_unknown if {
	notebook_internet_access.verdict.state == "unknown" with input as {
		"configuration": {
			"networkSpec": {"network": "projects/123456789012/global/networks/assist"},
		},
		"fields": {"networkSpec.enableInternetAccess": "absent"},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "declared",
		},
	}
}

test_an_observed_template_without_a_network_is_unknown if {
	notebook_internet_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"resource": {
			"type": "aiplatform.googleapis.com/NotebookRuntimeTemplate",
			"provenance": "observed",
		},
	}
}
