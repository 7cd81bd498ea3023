# METADATA
# scope: package
# title: The promotion says why
# description: >-
#   Whoever asks for a promotion into one of the stages gives a reason of some length, so that
#   approvers and auditors can judge it.
# custom:
#   severity: low
#   controls:
#     - eu-ai-act/art-12.1
#     - soc2/cc8.1
#   remediation: >-
#     Ask again with a reason that says what changed and why it is wanted now.
#   input_kinds:
#     - promotion
#   parameters:
#     stages: >-
#       Stages of the target that need a reason; by default staging and production.
#     minimum_length: >-
#       Least number of characters; by default 15.
package muniment.promotion.reason_given

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "unknown", "findings": [finding("the document does not tell the reason")]} if {
	not tells_reason
} else := {"state": "fail", "findings": [finding(concat("", ["a reason of at least ", json.marshal(least), " characters is needed"]))]} if {
	count(trim(input.reason, " \t\r\n")) < least
} else := {"state": "pass", "findings": []} if {
	count(trim(input.reason, " \t\r\n")) >= least
}

judged if input.target.stage in stages

tells_reason if is_string(input.reason)

finding(msg) := {"msg": msg, "path": "reason"}

default stages := ["staging", "production"]

stages := input.parameters.stages if is_array(input.parameters.stages)

default least := 15

least := input.parameters.minimum_length if is_number(input.parameters.minimum_length)
