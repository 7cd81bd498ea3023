# METADATA
# scope: package
# title: Promoted models are signed
# description: >-
#   A signature of every model that is promoted, alone or as a member, verifies with a key
#   that its workspace trusts. Other kinds are judged where the assignment names them.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-15.5
#     - nist-ai-rmf/manage-3.1
#     - soc2/cc6.8
#   remediation: >-
#     Sign the version with a key that the workspace trusts, and promote again.
#   input_kinds:
#     - promotion
#   parameters:
#     kinds:
#       description: >-
#         Kinds that must be signed; by default model.
#       schema:
#         type: array
#         items:
#           type: string
#     signers:
#       description: >-
#         Names of keys of which one must have signed; by default any that the workspace
#         trusts.
#       schema:
#         type: array
#         items:
#           type: string
package muniment.promotion.signed

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

refused := [finding(asset, "no signature of a trusted key verifies") |
	some asset in judged
	tells_signers(asset)
	not signed(asset)
]

tells_signers(asset) if is_array(asset.signature.signers)

signed(asset) if {
	some signer in asset.signature.signers
	accepted(signer)
}

accepted(signer) if signer in input.parameters.signers

accepted(_) if not names_signers

names_signers if is_array(input.parameters.signers)

untold := array.concat(unstated, unseen)

unstated := [finding(asset, "the document does not tell who signed") |
	some asset in judged
	not tells_signers(asset)
]

unseen := [{"msg": "the document does not tell the members", "path": "closure"} | not tells_members]

tells_members if is_array(input.closure)

default closure := []

closure := input.closure if is_array(input.closure)

default kinds := ["model"]

kinds := input.parameters.kinds if is_array(input.parameters.kinds)

finding(asset, msg) := {"msg": msg, "path": concat(" ", [object.get(asset, "ref", "an asset"), "signature.signers"])}
