# METADATA
# scope: package
# title: Nothing that was withdrawn is promoted
# description: >-
#   What is promoted into one of the stages is in use: no version that is promoted is
#   deprecated, archived or withdrawn, and nothing that it was made from is archived or
#   withdrawn.
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/manage-2.4
#     - eu-ai-act/art-20.1
#   remediation: >-
#     Replace the version by its successor, or have its state of life reviewed.
#   input_kinds:
#     - promotion
#   parameters:
#     stages:
#       description: >-
#         Stages of the target that are judged; by default staging and production.
#       schema:
#         type: array
#         items:
#           enum: ["development", "staging", "production"]
package muniment.promotion.lifecycle_active

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	not judged
} else := {"state": "fail", "findings": refused} if {
	count(refused) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "pass", "findings": []} if {
	count(refused) == 0
}

judged if input.target.stage in stages

default stages := ["staging", "production"]

stages := input.parameters.stages if is_array(input.parameters.stages)

promoted := array.concat([input.version], closure)

refused := array.concat(retired, uprooted)

retired := [finding(asset, concat(" ", ["the version is", asset.lifecycle])) |
	some asset in promoted
	asset.lifecycle in {"deprecated", "archived", "withdrawn"}
]

uprooted := [finding(asset, concat(" ", ["what it was made from is", asset.lifecycle])) |
	some asset in ancestors
	asset.lifecycle in {"archived", "withdrawn"}
]

untold := array.concat(unstated, unseen)

unstated := [finding(asset, "the document does not tell the state of life") |
	some asset in array.concat(promoted, ancestors)
	not tells_state(asset)
]

tells_state(asset) if is_string(asset.lifecycle)

unseen := array.concat(
	[{"msg": "the document does not tell the members", "path": "closure"} | not tells_members],
	[{"msg": "the document does not tell the ancestors", "path": "ancestors"} | not tells_ancestors],
)

tells_members if is_array(input.closure)

tells_ancestors if is_array(input.ancestors)

default closure := []

closure := input.closure if is_array(input.closure)

default ancestors := []

ancestors := input.ancestors if is_array(input.ancestors)

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "lifecycle"])}
