# METADATA
# scope: package
# title: Models come from approved providers
# description: >-
#   Every model that is promoted, that a member uses or that a promoted model was made from
#   names a provider on the approved list, or consists of bytes of our own that name no
#   provider.
# related_resources:
#   - ref: urn:azure:policy-definition:aafe3651-cb78-4f68-9f81-e7e41509110f
#     description: Azure built-in policy, deployments should only use approved registry models
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/govern-6.1
#     - nist-ai-rmf/manage-3.2
#     - iso-42001/A.10.3
#   remediation: >-
#     Use a model of an approved provider, or have the provider reviewed and added to the
#     parameter providers.
#   input_kinds:
#     - promotion/model
#     - promotion/flow
#     - promotion/prompt
#   parameters:
#     providers: >-
#       Approved providers, compared without regard to case. Without it the answer is unknown
#       where a provider is named.
package muniment.promotion.model_source_approved

import rego.v1

verdict := {"state": "fail", "findings": refused} if {
	count(refused) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(models) == 0
} else := {"state": "pass", "findings": []} if {
	count(refused) == 0
}

models := [asset |
	some asset in array.concat(array.concat([input.version], closure), ancestors)
	asset.kind == "model"
]

default ancestors := []

ancestors := input.ancestors if is_array(input.ancestors)

approved(asset) if {
	some provider in input.parameters.providers
	is_string(provider)
	lower(provider) == lower(asset.spec.source.provider)
}

refused := [finding(asset, concat("", ["the provider ", asset.spec.source.provider, " is not approved"])) |
	some asset in models
	is_array(input.parameters.providers)
	is_string(asset.spec.source.provider)
	not approved(asset)
]

untold := array.concat(doubtful, unseen)

doubtful := [finding(asset, doubt(asset)) |
	some asset in models
	doubt(asset)
]

unseen := array.concat(
	[{"msg": "the document does not tell the members", "path": "closure"} | not tells_members],
	[{"msg": "the document does not tell the ancestors", "path": "ancestors"} | not tells_ancestors],
)

tells_members if is_array(input.closure)

tells_ancestors if is_array(input.ancestors)

default closure := []

closure := input.closure if is_array(input.closure)

doubt(asset) := "no list of approved providers is configured" if {
	is_string(asset.spec.source.provider)
	not has_list
}

doubt(asset) := "the model names no provider" if {
	not names_provider(asset)
	not own_bytes(asset)
}

has_list if is_array(input.parameters.providers)

names_provider(asset) if is_string(asset.spec.source.provider)

own_bytes(asset) if asset.spec.source.type == "artifact"

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "spec.source.provider"])}
