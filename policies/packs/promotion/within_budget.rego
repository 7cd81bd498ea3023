# METADATA
# scope: package
# title: Costs stay within the budget
# description: >-
#   Every model of a provider that is promoted, alone or as a member, states a price within
#   the budget, and every agent states what a task may cost at most. Only what the assignment
#   limits is judged; what a version does not state, or states in another currency, is
#   unknown.
# custom:
#   severity: medium
#   controls:
#     - iso-42001/A.4.2
#     - nist-ai-rmf/map-3.2
#   remediation: >-
#     State price in the spec of the model and limits.max_cost in the spec of the agent;
#     choose a cheaper model, or have the budget raised.
#   input_kinds:
#     - promotion/model
#     - promotion/flow
#     - promotion/agent
#     - promotion/application
#   parameters:
#     currency:
#       description: >-
#         Currency of the budget, by its ISO 4217 code.
#       schema:
#         type: string
#         minLength: 3
#         maxLength: 3
#     input_per_million:
#       description: >-
#         Most that a million input tokens may cost.
#       schema:
#         type: number
#         minimum: 0
#     output_per_million:
#       description: >-
#         Most that a million output tokens may cost.
#       schema:
#         type: number
#         minimum: 0
#     task:
#       description: >-
#         Most that one task of an agent may cost.
#       schema:
#         type: number
#         minimum: 0
package muniment.promotion.within_budget

import rego.v1

verdict := {"state": "unknown", "findings": [finding(input.version, "parameters", "the assignment gives no budget")]} if {
	count(costly) > 0
	not has_budget
} else := {"state": "fail", "findings": above} if {
	count(above) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(costly) == 0
} else := {"state": "pass", "findings": []} if {
	count(above) == 0
}

# What costs: models that somebody sells, and agents.
costly := [asset |
	some asset in array.concat([input.version], closure)
	costs(asset)
]

costs(asset) if {
	asset.kind == "model"
	not own_bytes(asset)
}

costs(asset) if asset.kind == "agent"

own_bytes(asset) if {
	asset.spec.source.type in {"artifact", "uri"}
	not names_price(asset)
}

names_price(asset) if is_object(asset.spec.price)

has_budget if {
	is_string(input.parameters.currency)
	some name in ["input_per_million", "output_per_million", "task"]
	is_number(input.parameters[name])
}

above := [finding(asset, name, concat("", ["costs ", stated(asset, name), ", at most ", json.marshal(most), " is within the budget"])) |
	some asset in costly
	some name in limits(asset)
	amount := amount_of(asset, name)
	most := input.parameters[name]
	is_number(amount)
	is_number(most)
	amount > most
]

untold := array.concat(unstated, unseen)

unstated := [finding(asset, name, "the cost is not stated in the currency of the budget") |
	some asset in costly
	some name in limits(asset)
	not states(asset, name)
]

states(asset, name) if is_number(amount_of(asset, name))

# What the assignment limits of this version.
limits(asset) := [name |
	some name in ["input_per_million", "output_per_million"]
	is_number(input.parameters[name])
] if {
	asset.kind == "model"
}

limits(asset) := [name |
	some name in ["task"]
	is_number(input.parameters[name])
] if {
	asset.kind == "agent"
}

amount_of(asset, name) := to_number(stated(asset, name)) if is_decimal(stated(asset, name))

# The text of the version itself: engines write a number that was read from a text differently.
stated(asset, name) := asset.spec.price[name] if {
	name != "task"
	asset.spec.price.currency == input.parameters.currency
}

stated(asset, name) := asset.spec.limits.max_cost.amount if {
	name == "task"
	asset.spec.limits.max_cost.currency == input.parameters.currency
}

is_decimal(text) if {
	is_string(text)
	regex.match("^[0-9]{1,12}([.][0-9]{1,12})?$", text)
}

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

finding(asset, name, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), name])}
