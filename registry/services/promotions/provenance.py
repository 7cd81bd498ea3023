"""Write down where a version came from, so that its target can tell without the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from registry import access
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, Metric, VersionArtifact, VersionLink
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.actors import Actor
    from registry.models import Approval, Promotion

MAX_NODES = 5_000
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
    nodes and evaluations are written; ``is_complete`` tells whether that was all.
    """
    nodes, edges, is_complete = _upstream(source)
    evaluations = _evaluations(nodes, actor=requested_by)
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
        "nodes": _described(nodes.values()),
        "edges": edges,
        "evaluations": evaluations[:MAX_NODES],
        "is_complete": is_complete and len(evaluations) <= MAX_NODES,
    }
    return body, canonical_digest(body)


def _upstream(
    source: AssetVersion,
) -> tuple[dict[int, AssetVersion], list[dict[str, str]], bool]:
    """Walk up level by level: two queries a level, whatever its width."""
    nodes: dict[int, AssetVersion] = {source.pk: source}
    edges: list[dict[str, str]] = []
    level = [source]
    while level and len(nodes) < MAX_NODES:
        following: dict[int, AssetVersion] = {}
        for start, role, target in _steps_up(level):
            edges.append(
                {"from": full_reference(start), "role": role, "to": full_reference(target)}
            )
            if target.pk not in nodes:
                following[target.pk] = target
        nodes |= following
        level = list(following.values())
    return nodes, edges, not level


def _steps_up(
    level: list[AssetVersion],
) -> Iterable[tuple[AssetVersion, str, AssetVersion]]:
    by_id = {version.pk: version for version in level}
    links = (
        VersionLink.objects.filter(version__in=by_id)
        .select_related("target__asset__workspace")
        .order_by("id")
    )
    for link in links:
        yield by_id[link.version_id], link.role, link.target
    copies = [version for version in level if version.promoted_from_id is not None]
    origins = AssetVersion.objects.select_related("asset__workspace").in_bulk(
        {copy.promoted_from_id for copy in copies}
    )
    for copy in copies:
        yield copy, "promoted_from", origins[copy.promoted_from_id]


def _described(versions: Iterable[AssetVersion]) -> list[dict[str, Any]]:
    versions = list(versions)
    artifacts: dict[int, list[dict[str, str]]] = {}
    rows = VersionArtifact.objects.filter(version__in=versions).order_by("path")
    for row in rows:
        item = {"path": row.path, "uri": row.uri, "digest": row.digest}
        artifacts.setdefault(row.version_id, []).append(item)
    return [
        {
            "ref": full_reference(version),
            "uuid": str(version.uuid),
            "kind": version.asset.kind,
            "digest": version.digest,
            "created_at": version.created_at.isoformat(),
            "artifacts": artifacts.get(version.pk, []),
        }
        for version in versions
    ]


def _evaluations(nodes: dict[int, AssetVersion], *, actor: Actor) -> list[dict[str, Any]]:
    links = list(
        VersionLink.objects.filter(
            access.in_reach(actor, path="version__asset__workspace"),
            role=LinkRole.EVALUATES,
            target__in=nodes,
        )
        .select_related("version__asset__workspace", "target__asset__workspace")
        .order_by("id")[: MAX_NODES + 1]
    )
    metrics: dict[int, list[dict[str, Any]]] = {}
    for metric in Metric.objects.filter(version__in=[link.version_id for link in links]).order_by(
        "name", "evaluator"
    ):
        item = {"name": metric.name, "value": metric.value, "evaluator": metric.evaluator}
        metrics.setdefault(metric.version_id, []).append(item)
    return [
        {
            "result": full_reference(link.version),
            "digest": link.version.digest,
            "evaluates": full_reference(link.target),
            "metrics": metrics.get(link.version_id, []),
        }
        for link in links
    ]
