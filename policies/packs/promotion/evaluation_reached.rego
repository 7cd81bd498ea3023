# METADATA
# scope: package
# title: Evaluations reach their thresholds
# description: >-
#   For exactly the promoted content there is a result that evaluates it, and for every metric
#   that is asked for the newest such result that reports it reaches the minimum.
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/measure-2.3
#     - nist-ai-rmf/measure-2.5
#     - eu-ai-act/art-15.1
#     - iso-42001/A.6.2.4
#   remediation: >-
#     Evaluate this version, register the result with the metrics and a link in the role
#     evaluates, and promote again.
#   input_kinds:
#     - promotion/model
#     - promotion/prompt
#     - promotion/flow
#   parameters:
#     minimum: >-
#       Object of metric name to least value; by default groundedness 3.5 on the usual scale
#       of 1 to 5.
package muniment.promotion.evaluation_reached

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "unknown", "findings": [finding("evaluations", "the document does not tell which evaluations exist")]} if {
	not tells_evaluations
} else := {"state": "fail", "findings": unusable} if {
	count(unusable) > 0
} else := {"state": "fail", "findings": shortfalls} if {
	count(shortfalls) > 0
} else := {"state": "pass", "findings": []} if {
	count(shortfalls) == 0
}

judged if input.version.kind in {"model", "prompt", "flow"}

tells_evaluations if is_array(input.evaluations)

unusable := [finding("parameters.minimum", concat("", ["the parameter minimum gives no number for ", name])) |
	some name in object.keys(minimum)
	not is_threshold(name)
]

is_threshold(name) if is_number(minimum[name])

shortfalls := array.concat(unreported, below)

finding(path, msg) := {"msg": msg, "path": path}

unreported := [finding("evaluations", concat("", ["no result evaluates this content by ", name])) |
	some name in object.keys(minimum)
	count(reports(name)) == 0
]

below := [finding(object.get(result, "ref", "evaluations"), shortfall(name, metric.value, least)) |
	some name in object.keys(minimum)
	least := minimum[name]
	is_number(least)
	newest := max([at | some at in times(name); is_string(at)])
	some result in reports(name)
	result.created_at == newest
	some metric in result.metrics
	metric.name == name
	is_number(metric.value)
	not metric.value >= least
]

shortfall(name, value, least) := concat("", [name, " is ", json.marshal(value), ", at least ", json.marshal(least), " is asked for"])

times(name) := [result.created_at | some result in reports(name)]

reports(name) := [result |
	some result in input.evaluations
	evaluates_this(result)
	reports_metric(result, name)
]

evaluates_this(result) if {
	some link in result.links
	link.role == "evaluates"
	link.digest == input.version.digest
	is_string(result.created_at)
}

reports_metric(result, name) if {
	some metric in result.metrics
	metric.name == name
	is_number(metric.value)
}

default minimum := {"groundedness": 3.5}

minimum := input.parameters.minimum if is_object(input.parameters.minimum)
