# METADATA
# scope: package
# title: Suppliers are reviewed
# description: >-
#   Suppliers of models, data and AI services are reviewed before they are relied on and at
#   planned times, and what happens when one fails is decided. The record of it is in force,
#   has an owner and evidence, and its review is not overdue. No platform tells this: a system
#   for governance submits the record, or the rule is assigned under the effect manual and a
#   person attests it.
# custom:
#   severity: medium
#   controls:
#     - iso-42001/A.10.2
#     - iso-42001/A.10.3
#     - nist-ai-rmf/govern-6.2
#     - nist-ai-rmf/manage-3.1
#     - soc2/cc9.2
#   remediation: >-
#     Review each supplier, write down who is responsible for what, and plan for the failure
#     of one.
#   input_kinds:
#     - configuration/governance/suppliers
#   reads:
#     - status
#     - owner
#     - evidence
#     - next_review
package muniment.governance.suppliers

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not applies
} else := {"state": "fail", "findings": problems} if {
	count(problems) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "pass", "findings": []} if {
	count(problems) == 0
}

applies if lower(input.resource.type) == "governance/suppliers"

parts := ["status", "owner", "evidence", "next_review"]

untold := [finding(part, "the record does not tell it") |
	some part in parts
	not told(part)
]

told(part) if part in tells

tells contains "status" if is_string(input.configuration.status)

tells contains "owner" if is_string(input.configuration.owner)

tells contains "evidence" if is_array(input.configuration.evidence)

tells contains "next_review" if is_date(input.configuration.next_review)

is_date(value) if {
	is_string(value)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`, value)
}

problems := array.concat(array.concat(dormant, orphaned), array.concat(unproven, overdue))

dormant := [finding("status", concat(" ", ["the status is", status])) |
	status := input.configuration.status
	is_string(status)
	status != "in_force"
]

orphaned := [finding("owner", "nobody answers for it") | input.configuration.owner == ""]

unproven := [finding("evidence", "there is no evidence") | input.configuration.evidence == []]

overdue := [finding("next_review", "the review is overdue") |
	is_date(input.configuration.next_review)
	is_string(input.configuration.next_review)
	is_string(input.now)
	input.configuration.next_review <= input.now
]

finding(part, msg) := {"msg": msg, "path": concat(".", ["configuration", part])}
