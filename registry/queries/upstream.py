"""What a version came from, level by level, as documents that outlive their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import access
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, FrozenProvenance, Metric, VersionArtifact, VersionLink
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.actors import Actor

MAX_NODES = 5_000


def upstream(
    source: AssetVersion,
) -> tuple[dict[int, AssetVersion], list[dict[str, str]], bool]:
    """Return the versions upstream of ``source`` by id, the edges between them, and whether that
    was all: over links and earlier promotions, two queries a level, whatever its width.
    """
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


def described(versions: Iterable[AssetVersion]) -> list[dict[str, Any]]:
    """Return a node of the document for each version, with the digests of its artifacts."""
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


def evaluations_of(nodes: dict[int, AssetVersion], *, actor: Actor) -> list[dict[str, Any]]:
    """Return the results that evaluated any of ``nodes``, as far as ``actor`` may see them."""
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


def imported(nodes: Iterable[int]) -> list[dict[str, Any]]:
    """Return the provenance that came along in bundles with any of the versions."""
    # A copy has the provenance of its promotion; a version that no promotion made, of its bundle.
    claims = FrozenProvenance.objects.filter(
        version__in=nodes, version__promoted_from__isnull=True
    ).order_by("version_id")
    return [claim.body for claim in claims]


def readable_upstream(source: AssetVersion, *, actor: Actor) -> dict[str, Any]:
    """Return what is upstream of ``source`` as a document of what ``actor`` may read alone;
    ``is_complete`` tells whether that is all there is.
    """
    nodes, edges, is_complete = upstream(source)
    seen = access.readable(actor, {each.asset.workspace_id for each in nodes.values()})
    known = {pk: each for pk, each in nodes.items() if each.asset.workspace_id in seen}
    named = {full_reference(each) for each in known.values()}
    return {
        "nodes": described(known.values()),
        "edges": [edge for edge in edges if {edge["from"], edge["to"]} <= named],
        "evaluations": evaluations_of(known, actor=actor)[:MAX_NODES],
        "imported": imported(known),
        "is_complete": is_complete and len(known) == len(nodes),
    }
