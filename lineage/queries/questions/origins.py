"""Which production assets have unknown or undocumented origins?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lineage.graph import sources_of
from lineage.graph.shapes import NodeType
from lineage.queries.questions.standing import MAX_PLACES, in_production
from lineage.queries.questions.table import Table, Ways, left_out, names_in
from registry.kinds.links import LinkRole
from registry.models import AssetVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from core.actors import Actor
    from lineage.graph import Graph, Node

QUESTION = "unknown-origins"
COLUMNS = ("place", "version", "origin", "kind", "reason", "message", "path")
BASES = frozenset(
    {
        LinkRole.TRAINED_ON,
        LinkRole.FINE_TUNED_FROM,
        LinkRole.ADAPTER_OF,
        LinkRole.DISTILLED_FROM,
        LinkRole.MERGED_FROM,
        LinkRole.DERIVED_FROM,
        "promoted",
    }
)
HIDDEN = ("hidden", "it came from a workspace that you may not see")
NO_DATA = ("no_training_data", "the model is linked to no data and to no base model")
OTHERS = ("data_of_others", "the weights come from elsewhere, and what they learnt is not linked")
NO_SOURCE = ("no_source", "the dataset does not say where the data comes from")
NO_LICENCE = ("no_license", "no licence is stated")
UNKNOWN_JOB = ("outside_without_source", "a dataset outside, and nobody told what wrote it")


def unknown_origins(actor: Actor, *, workspace: str = "") -> Table:
    """Return what is not known of the origins of everything that stands in production now: a row
    per alias or deployment, origin and reason."""
    standing = in_production(actor, at=timezone.now(), workspace=workspace)
    places = standing[:MAX_PLACES]
    graph = sources_of(actor, {stood.version_id for stood in places})
    gaps = dict(_gaps(graph))
    names, nodes = names_in(graph), graph.by_id
    rows: list[dict[str, Any]] = []
    for stood in places:
        ways = Ways.upstream(graph, {stood.version})
        rows += [
            {
                "place": stood.place,
                "version": names[stood.version],
                "origin": names[identity],
                "kind": nodes[identity].kind,
                "reason": reason,
                "message": message,
                "path": ways.told(identity, names),
            }
            for identity in (stood.version, *ways.next_hop)
            for reason, message in gaps.get(identity, ())
        ]
    notes = [note for note in left_out(graph) if "may not see" not in note]
    if len(standing) > MAX_PLACES:
        notes.append(f"more than {MAX_PLACES} aliases and deployments stand in production")
    return Table(QUESTION, COLUMNS, rows, tuple(notes))


def _gaps(graph: Graph) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what is missing at each node that lacks something. What a version says of itself is
    asked only of those that the caller may see."""
    readable = [node.id for node in graph.nodes if node.visible and node.ref]
    specs = _specs(readable)
    into: dict[str, set[str]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, set()).add(edge.relation or "")
    for node in graph.nodes:
        relations = into.get(node.id, set())
        if node.id in specs:
            found = list(MISSING.get(node.kind or "", _nothing)(specs[node.id], relations))
        else:
            found = list(_outside(node, relations))
        if found:
            yield node.id, found


Reasons = Iterable[tuple[str, str]]


def _nothing(spec: dict[str, Any], relations: Collection[str]) -> Reasons:
    return ()


def _of_a_model(spec: dict[str, Any], relations: Collection[str]) -> Reasons:
    if not BASES.intersection(relations):
        source = spec.get("source") or {}
        yield OTHERS if source.get("type") in {"uri", "hosted"} else NO_DATA
    if not spec.get("license"):
        yield NO_LICENCE


def _of_a_dataset(spec: dict[str, Any], relations: Collection[str]) -> Reasons:
    source = spec.get("source") or {}
    if not relations and not source.get("description"):
        yield NO_SOURCE
    if not spec.get("license"):
        yield NO_LICENCE


def _outside(node: Node, relations: Collection[str]) -> Reasons:
    if node.name is None:
        yield HIDDEN
    elif node.type is NodeType.DATASET and not relations:
        yield UNKNOWN_JOB


MISSING = {"model": _of_a_model, "dataset": _of_a_dataset}


def _specs(uuids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the specs of versions by their public ids."""
    rows = AssetVersion.objects.filter(uuid__in=uuids).values_list("uuid", "spec__body")
    return {str(uuid): body for uuid, body in rows}
