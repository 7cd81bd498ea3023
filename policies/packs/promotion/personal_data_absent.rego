# METADATA
# scope: package
# title: No personal data
# description: >-
#   Every dataset that is promoted, that a member uses or that a promoted model was trained on
#   declares that it holds no personal data. A lawful basis does not help: for that there is
#   another rule. What nobody declared is unknown.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-10.2
#     - nist-ai-rmf/measure-2.10
#   remediation: >-
#     Remove or anonymise the personal data, declare the new version of the dataset with
#     personal_data.contains set to false, and train again from it.
#   input_kinds:
#     - promotion
package muniment.promotion.personal_data_absent

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
	some asset in array.concat(array.concat([input.version], closure), ancestors)
	asset.kind == "dataset"
]

refused := [finding(asset, "the dataset holds personal data") |
	some asset in judged
	asset.spec.personal_data.contains == true
]

untold := array.concat(undeclared, unseen)

undeclared := [finding(asset, "the dataset does not declare whether it holds personal data") |
	some asset in judged
	not declared(asset)
]

declared(asset) if is_boolean(asset.spec.personal_data.contains)

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

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "spec.personal_data"])}
