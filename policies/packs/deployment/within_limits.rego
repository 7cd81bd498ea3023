# METADATA
# scope: package
# title: Deployments stay within their limits
# description: >-
#   The configuration of a deployment limits tokens and requests per minute and the number of
#   machines to what the assignment allows, so that its costs have an end. Only what the
#   assignment limits is judged; what the configuration leaves out is unknown.
# custom:
#   severity: medium
#   controls:
#     - iso-42001/A.4.5
#     - nist-ai-rmf/map-3.2
#   remediation: >-
#     Lower the limits on the platform, and give the deployment a revision whose configuration
#     says so under limits and scale; or have the limits of the assignment raised.
#   input_kinds:
#     - configuration/deployment
#   parameters:
#     tokens_per_minute:
#       description: >-
#         Most tokens per minute.
#       schema:
#         type: integer
#         minimum: 0
#     requests_per_minute:
#       description: >-
#         Most requests per minute.
#       schema:
#         type: integer
#         minimum: 0
#     instances:
#       description: >-
#         Most machines.
#       schema:
#         type: integer
#         minimum: 0
#   reads:
#     - limits.tokens_per_minute
#     - limits.requests_per_minute
#     - scale.maximum
package muniment.deployment.within_limits

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "unknown", "findings": [{"msg": "the assignment gives no limits", "path": "parameters"}]} if {
	count(limits) == 0
} else := {"state": "fail", "findings": above} if {
	count(above) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "pass", "findings": []} if {
	count(above) == 0
}

finding(limit, msg) := {"msg": msg, "path": concat(".", ["configuration", limit.path])}

judged if {
	lower(input.resource.type) == "deployment"
	not stopped
}

stopped if input.configuration.deployment.desired == "stopped"

limits := [limit |
	some limit in [
		{"name": "tokens_per_minute", "path": "limits.tokens_per_minute"},
		{"name": "requests_per_minute", "path": "limits.requests_per_minute"},
		{"name": "instances", "path": "scale.maximum"},
	]
	is_number(input.parameters[limit.name])
]

above := [finding(limit, concat("", [json.marshal(value), " is more than ", json.marshal(most)])) |
	some limit in limits
	value := value_of(limit)
	most := input.parameters[limit.name]
	is_number(value)
	is_number(most)
	value > most
]

untold := [finding(limit, "the configuration does not tell the limit") |
	some limit in limits
	not told(limit)
]

told(limit) if is_number(value_of(limit))

value_of(limit) := object.get(input.configuration, split(limit.path, "."), null)
