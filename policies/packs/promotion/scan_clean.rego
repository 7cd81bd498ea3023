# METADATA
# scope: package
# title: Artifacts are scanned and found clean
# description: >-
#   The content scan has looked at the artifacts of every version that is promoted, alone or
#   as a member, and calls them safe, or a person put what it found on the allow list. What
#   the scanner does not know, or has not seen yet, is unknown.
# custom:
#   severity: critical
#   controls:
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/measure-2.7
#     - soc2/cc6.8
#   remediation: >-
#     Replace the artifact by one that the scan calls safe, for example weights in the
#     safetensors format, or have the finding reviewed and put on the allow list.
#   input_kinds:
#     - promotion
#   parameters:
#     accept_allow_listed:
#       description: >-
#         Whether what a person allowed passes; by default true.
#       schema:
#         type: boolean
package muniment.promotion.scan_clean

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

versions := array.concat([input.version], closure)

judged := [asset |
	some asset in versions
	asset.scan.verdict != "none"
]

refused := [finding(asset, concat(" ", ["the content scan calls it", asset.scan.verdict])) |
	some asset in versions
	asset.scan.verdict in bad
]

default bad := {"dangerous"}

bad := {"dangerous", "allow_listed"} if input.parameters.accept_allow_listed == false

untold := array.concat(doubtful, unseen)

doubtful := [finding(asset, "the content scan has no verdict yet") |
	some asset in versions
	not settled(asset)
]

settled(asset) if asset.scan.verdict in {"safe", "allow_listed", "dangerous", "none"}

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "scan.verdict"])}
