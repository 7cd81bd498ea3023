# METADATA
# scope: package
# title: Cards are accepted
# description: >-
#   Every model that is promoted, alone or as a member, has a card that its reviewer accepted.
#   A model without a card fails. Other kinds are judged where the assignment names them.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-11.1
#     - eu-ai-act/art-13.3
#     - nist-ai-rmf/map-2.2
#     - iso-42001/A.6.2.7
#   remediation: >-
#     Write the card of the version, ask for its review, and promote again when it is
#     accepted.
#   input_kinds:
#     - promotion
#   parameters:
#     kinds:
#       description: >-
#         Kinds that need an accepted card; by default model.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.promotion.card_accepted

import rego.v1

verdict := {"state": "fail", "findings": refused} if {
	count(refused) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(judged) == 0
} else := {"state": "pass", "findings": []} if {
	count(refused) == 0
}

judged := [asset |
	some asset in array.concat([input.version], closure)
	asset.kind in kinds
]

refused := [finding(asset, reason(asset)) |
	some asset in judged
	not accepted(asset)
]

accepted(asset) if asset.card.status == "accepted"

reason(asset) := concat(" ", ["the card is", asset.card.status]) if is_string(asset.card.status)

reason(asset) := "there is no card" if not has_card(asset)

has_card(asset) if is_string(asset.card.status)

untold := unseen

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

default kinds := ["model"]

kinds := input.parameters.kinds if is_array(input.parameters.kinds)

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "card.status"])}
