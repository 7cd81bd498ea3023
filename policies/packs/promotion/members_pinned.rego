# METADATA
# scope: package
# title: Members are pinned by digest
# description: >-
#   Every member that a flow names is one exact content: its digest is written in the spec and
#   is the digest of a member that is promoted along.
# custom:
#   severity: high
#   controls:
#     - eu-ai-act/art-12.1
#     - nist-ai-rmf/manage-3.1
#   remediation: >-
#     Write the digest of the version that was tested into the spec and link that version.
#   input_kinds:
#     - promotion/flow
package muniment.promotion.members_pinned

import rego.v1

verdict := {"state": "not_applicable", "findings": []} if {
	input.version.kind != "flow"
} else := {"state": "unknown", "findings": [finding("version.spec.members", "the flow does not tell its members")]} if {
	not tells_members
} else := {"state": "fail", "findings": loose} if {
	count(loose) > 0
} else := {"state": "pass", "findings": []} if {
	count(loose) == 0
}

tells_members if is_array(input.version.spec.members)

loose := array.concat(
	[finding(path(index), "the member is not pinned by a digest") | some index in unpinned],
	[finding(path(index), "no promoted member has this digest") | some index in absent],
)

unpinned contains index if {
	some index, member in input.version.spec.members
	not pinned(member)
}

absent contains index if {
	some index, member in input.version.spec.members
	pinned(member)
	not promoted(member)
}

pinned(member) if regex.match("^sha256:[0-9a-f]{64}$", member.digest)

promoted(member) if {
	some asset in input.closure
	asset.digest == member.digest
	asset.kind == member.kind
}

finding(where, msg) := {"msg": msg, "path": where}

path(index) := concat("", ["version.spec.members[", json.marshal(index), "].digest"])
