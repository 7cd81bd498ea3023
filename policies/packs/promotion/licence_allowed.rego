# METADATA
# scope: package
# title: Licences of models and data are on the list
# description: >-
#   Every model and dataset that is promoted, alone or as a member, states a licence from the
#   allowed list, in whatever case of letters. In an SPDX expression, one side of OR and every
#   side of AND must be on it.
# related_resources:
#   - ref: https://spdx.org/licenses/
#     description: SPDX licence identifiers
# custom:
#   severity: high
#   controls:
#     - nist-ai-rmf/map-4.1
#     - nist-ai-rmf/govern-6.1
#   remediation: >-
#     Replace the member, or have the licence reviewed and added to the parameter licences.
#   input_kinds:
#     - promotion/model
#     - promotion/dataset
#     - promotion/flow
#     - promotion/prompt
#     - promotion/result
#   parameters:
#     licences:
#       description: >-
#         Allowed SPDX identifiers; by default common permissive licences.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.promotion.licence_allowed

import rego.v1

verdict := {"state": "fail", "findings": refused} if {
	count(refused) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(licensed) == 0
} else := {"state": "pass", "findings": []} if {
	count(refused) == 0
}

licensed := [asset |
	some asset in array.concat([input.version], closure)
	asset.kind in {"model", "dataset"}
]

refused := [finding(asset, concat("", ["the licence ", asset.spec.license, " is not allowed"])) |
	some asset in licensed
	states_licence(asset)
	not allowed(asset)
]

untold := array.concat(unstated, unseen)

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

unstated := [finding(asset, "no licence is stated") |
	some asset in licensed
	not states_licence(asset)
]

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "spec.license"])}

states_licence(asset) if {
	is_string(asset.spec.license)
	trim(asset.spec.license, " ") != ""
}

allowed(asset) if {
	some choice in split(asset.spec.license, " OR ")
	every part in split(choice, " AND ") {
		lower(trim(part, " ")) in listed
	}
}

# SPDX compares identifiers without regard to case.
listed := [lower(licence) |
	some licence in licences
	is_string(licence)
]

default licences := ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "MIT"]

licences := input.parameters.licences if is_array(input.parameters.licences)
