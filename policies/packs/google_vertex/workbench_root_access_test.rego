package muniment.google_vertex.workbench_root_access_test

import data.muniment.google_vertex.workbench_root_access
import rego.v1

test_the_wanted_value_passes if {
	workbench_root_access.verdict.state == "pass" with input as {
		"configuration": {"gceSetup": {"metadata": {"notebook-disable-root": "true"}}},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_the_wanted_value_in_a_plan_passes if {
	workbench_root_access.verdict.state == "pass" with input as {
		"configuration": {"gceSetup": {"metadata": {"notebook-disable-root": "true"}}},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "declared"},
	}
}

test_an_entry_that_is_false_fails if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {"gceSetup": {"metadata": {"notebook-disable-root": "false"}}},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_an_empty_entry_fails if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {"gceSetup": {"metadata": {"notebook-disable-root": ""}}},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_an_observed_absence_fails if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_a_declared_absence_fails if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "declared"},
	}
}

test_an_absence_that_is_told_fails if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"gceSetup.metadata.notebook-disable-root": "absent"},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "declared"},
	}
}

test_what_stands_in_something_absent_is_absent if {
	workbench_root_access.verdict.state == "fail" with input as {
		"configuration": {},
		"fields": {"gceSetup": "absent"},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_what_the_source_cannot_tell_is_unknown if {
	workbench_root_access.verdict.state == "unknown" with input as {
		"configuration": {},
		"fields": {"labels": "declared"},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}

test_other_resources_are_not_judged if {
	workbench_root_access.verdict.state == "not_applicable" with input as {
		"configuration": {},
		"resource": {"type": "aiplatform.googleapis.com/Dataset", "provenance": "observed"},
	}
}

test_the_case_of_letters_does_not_matter if {
	workbench_root_access.verdict.state == "pass" with input as {
		"configuration": {"gceSetup": {"metadata": {"notebook-disable-root": "True"}}},
		"resource": {"type": "notebooks.googleapis.com/Instance", "provenance": "observed"},
	}
}
