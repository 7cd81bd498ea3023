# METADATA
# scope: package
# title: Deployments filter what goes in and what comes out
# description: >-
#   The configuration of a deployment names content filters on both sides, each required filter
#   enabled and blocking. A configuration that leaves a side out does not tell, and is unknown.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-2.2
#   remediation: >-
#     Put the missing filters in force on the platform, and give the deployment a revision whose
#     configuration names them under content_filters with enabled and blocking set to true.
#   input_kinds:
#     - configuration/deployment
#   parameters:
#     required_input: >-
#       Names of the filters that input needs; by default any one will do.
#     required_output: >-
#       Names of the filters that output needs; by default any one will do.
package muniment.deployment.content_filters

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "fail", "findings": missing} if {
	count(missing) > 0
} else := {"state": "pass", "findings": []} if {
	count(missing) == 0
}

judged if {
	lower(input.resource.type) == "deployment"
	not stopped
}

stopped if input.configuration.deployment.desired == "stopped"

sides := ["input", "output"]

untold := [finding(side, concat(" ", ["the configuration does not tell the filters on", side])) |
	some side in sides
	not tells(side)
]

tells(side) if is_array(input.configuration.content_filters[side])

missing := array.concat(unfiltered, lacking)

unfiltered := [finding(side, concat(" ", ["no filter on", side, "is enabled and blocking"])) |
	some side in sides
	not filters(side)
]

filters(side) if {
	some filter in input.configuration.content_filters[side]
	in_force(filter)
}

lacking := [finding(wanted.side, concat(" ", ["the filter", wanted.name, "on", wanted.side, "is not enabled and blocking"])) |
	some wanted in required
	not has(wanted)
]

has(wanted) if {
	some filter in input.configuration.content_filters[wanted.side]
	in_force(filter)
	text(filter.name) == text(wanted.name)
}

in_force(filter) if {
	filter.enabled == true
	filter.blocking == true
}

required := array.concat(required_input, required_output)

default required_input := []

required_input := [{"side": "input", "name": name} |
	some name in input.parameters.required_input
	is_string(name)
] if {
	is_array(input.parameters.required_input)
}

default required_output := []

required_output := [{"side": "output", "name": name} |
	some name in input.parameters.required_output
	is_string(name)
] if {
	is_array(input.parameters.required_output)
}

finding(side, msg) := {"msg": msg, "path": concat(".", ["configuration.content_filters", side])}

text(value) := lower(trim(value, " \t\r\n")) if is_string(value)
