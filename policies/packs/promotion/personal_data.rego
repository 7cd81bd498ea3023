# METADATA
# scope: package
# title: Personal data has a lawful basis
# description: >-
#   Every dataset that is promoted, that a member uses or that a promoted model was trained on
#   declares that it holds no personal data, or names the lawful basis for it.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: Regulation (EU) 2016/679
# custom:
#   severity: critical
#   controls:
#     - gdpr/art-6.1
#     - eu-ai-act/art-10.2
#     - nist-ai-rmf/measure-2.10
#   remediation: >-
#     Complete personal_data in the spec of the dataset: contains, and lawful_basis where it
#     does.
#   input_kinds:
#     - promotion
package muniment.promotion.personal_data

import rego.v1

verdict := {"state": "fail", "findings": baseless} if {
	count(baseless) > 0
} else := {"state": "unknown", "findings": untold} if {
	count(untold) > 0
} else := {"state": "not_applicable", "findings": []} if {
	count(datasets) == 0
} else := {"state": "pass", "findings": []} if {
	count(baseless) == 0
}

datasets := [asset |
	some asset in array.concat(array.concat([input.version], closure), ancestors)
	asset.kind == "dataset"
]

default ancestors := []

ancestors := input.ancestors if is_array(input.ancestors)

baseless := [finding(asset, "personal data without a lawful basis") |
	some asset in datasets
	asset.spec.personal_data.contains == true
	not has_basis(asset)
]

untold := array.concat(undeclared, unseen)

undeclared := [finding(asset, "the dataset does not declare whether it holds personal data") |
	some asset in datasets
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

has_basis(asset) if trim(asset.spec.personal_data.lawful_basis, " \t\r\n") != ""

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "spec.personal_data"])}
