# METADATA
# scope: package
# title: Models say what they are for and where they fail
# description: >-
#   The card of every model that is promoted, alone or as a member, has the sections that
#   users and reviewers need.
# custom:
#   severity: medium
#   controls:
#     - eu-ai-act/art-13.3
#     - nist-ai-rmf/map-2.2
#     - iso-42001/A.6.2.7
#   remediation: >-
#     Write the missing sections into the card of the version.
#   input_kinds:
#     - promotion/model
#     - promotion/flow
#   parameters:
#     sections: >-
#       Sections of spec.card that must be there; by default intended_use, limitations and
#       human_oversight.
package muniment.promotion.model_card_complete

import rego.v1

verdict := {"state": "fail", "findings": missing} if {
	count(missing) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(models) == 0
} else := {"state": "pass", "findings": []} if {
	count(missing) == 0
}

models := [asset |
	some asset in array.concat([input.version], closure)
	asset.kind == "model"
]

missing := [finding(asset, concat("", ["the card says nothing about ", section])) |
	some asset in models
	has_card(asset)
	some section in sections
	not written(asset, section)
]

untold := array.concat(uncarded, unseen)

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

uncarded := [finding(asset, "the model has no card") |
	some asset in models
	not has_card(asset)
]

# The card beside the version is the one that stands; the one in the spec is what it began as.
card_of(asset) := asset.card.fields if {
	is_object(asset.card.fields)
} else := asset.spec.card if {
	is_object(asset.spec.card)
}

has_card(asset) if is_object(card_of(asset))

written(asset, section) if {
	text := card_of(asset)[section]
	is_string(text)
	trim(text, " \t\r\n") != ""
}

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "card"])}

default sections := ["intended_use", "limitations", "human_oversight"]

sections := chosen if {
	is_array(input.parameters.sections)
	chosen := [section | some section in input.parameters.sections; is_string(section)]
	count(chosen) == count(input.parameters.sections)
}
