"""Write down where a version came from, so that its target can tell without the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from registry.queries.upstream import MAX_NODES, described, evaluations_of, imported, upstream
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import Approval, AssetVersion, Promotion

SCHEMA = "muniment.provenance/v1"


def frozen_provenance(
    source: AssetVersion,
    *,
    promotion: Promotion,
    approvals: Sequence[Approval],
    requested_by: Actor,
) -> tuple[dict[str, Any], str]:
    """Return the provenance document of ``source`` and its digest.

    Nodes are every version upstream over links and earlier promotions, with digests and artifact
    digests; edges are those links; evaluations are the results that evaluated any node, as far as
    the requester may see them: others' findings are not the requester's to publish. At most 5,000
    nodes and evaluations are written; ``is_complete`` tells whether that was all. What came with
    the bundle of a node that was imported stands under ``imported``, as its signer claimed it.
    """
    nodes, edges, is_complete = upstream(source)
    evaluations = evaluations_of(nodes, actor=requested_by)
    body = {
        "schema": SCHEMA,
        "root": full_reference(source),
        "promotion": {
            "uuid": str(promotion.uuid),
            "requested_by": str(promotion.requested_by.uuid),
            "requested_at": promotion.requested_at.isoformat(),
            "reason": promotion.reason,
            "binding": promotion.binding,
            "verdicts": promotion.verdicts,
        },
        "approvals": [
            {
                "uuid": str(approval.uuid),
                "decided_by": str(approval.decided_by.uuid),
                "decided_at": approval.decided_at.isoformat(),
                "comment": approval.comment,
                "binding": approval.binding,
            }
            for approval in approvals
        ],
        "nodes": described(nodes.values()),
        "edges": edges,
        "evaluations": evaluations[:MAX_NODES],
        "imported": imported(nodes),
        "is_complete": is_complete and len(evaluations) <= MAX_NODES,
    }
    return body, canonical_digest(body)
