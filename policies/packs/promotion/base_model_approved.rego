# METADATA
# scope: package
# title: Base models are approved
# description: >-
#   Every model that a promoted model was fine-tuned, distilled or merged from, or adapts, at
#   any distance, is approved: it stands on the list of the assignment, or, without a list,
#   its card is accepted and it is neither archived nor withdrawn.
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/map-4.1
#     - nist-ai-rmf/manage-3.2
#     - iso-42001/A.10.3
#   remediation: >-
#     Have the card of the base model accepted, or the base model reviewed and added to the
#     parameter approved; otherwise train from an approved one.
#   input_kinds:
#     - promotion/model
#     - promotion/flow
#     - promotion/agent
#     - promotion/application
#     - promotion/index
#   parameters:
#     approved:
#       description: >-
#         Approved base models, as a digest, or as workspace/model/name for every version.
#         With a list nothing else counts.
#       schema:
#         type: array
#         items:
#           type: string
#           minLength: 1
package muniment.promotion.base_model_approved

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

# Base models: what a link of one of these roles leads to, from any model that is told.
roles := {"fine_tuned_from", "adapter_of", "distilled_from", "merged_from"}

judged := [link |
	some asset in array.concat(array.concat([input.version], closure), ancestors)
	asset.kind == "model"
	some link in asset.links
	link.role in roles
]

refused := [finding(link, "the base model is not approved") |
	some link in judged
	rejected(link)
]

rejected(link) if {
	has_list
	not listed(link)
}

rejected(link) if {
	not has_list
	some base in bases(link)
	not in_order(base)
}

has_list if is_array(input.parameters.approved)

listed(link) if link.digest in input.parameters.approved

listed(link) if {
	some name in input.parameters.approved
	is_string(name)
	startswith(lower(link.ref), concat("", [lower(name), "/"]))
}

bases(link) := [asset |
	some asset in array.concat(ancestors, closure)
	asset.digest == link.digest
	asset.kind == link.kind
]

in_order(base) if {
	base.card.status == "accepted"
	base.lifecycle in {"active", "deprecated"}
}

untold := array.concat(array.concat(unknown_bases, unlinked), unseen)

unknown_bases := [finding(link, "the document does not tell the base model") |
	not has_list
	some link in judged
	count(bases(link)) == 0
]

unlinked := [finding(asset, "the document does not tell what the model was made from") |
	some asset in array.concat([input.version], closure)
	asset.kind == "model"
	not tells_links(asset)
]

tells_links(asset) if is_array(asset.links)

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

finding(asset, msg) := {"msg": msg, "path": object.get(asset, "ref", "an asset")}
