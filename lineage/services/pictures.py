"""From a graph to what is exported of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.conf import settings

from lineage.exports.picture import Dataset, Edge, Job, Picture, Version
from lineage.graph.chunks import chunks
from lineage.graph.neighbours import SYMLINK
from lineage.graph.shapes import JobName, NodeType
from lineage.models import Job as JobRow
from lineage.models import JobDataset
from lineage.received.facets import facet
from lineage.received.names import name_key
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.actors import Actor
    from lineage.graph import Graph, Node

INPUT = JobDataset.Role.INPUT.value
Touches = dict[JobName, tuple[set[str], set[str]]]  # what a job reads and what it writes


def picture_of(actor: Actor, graph: Graph, *, has_every_job: bool = False) -> Picture:
    """Return what of a graph has a name, in an order that does not depend on who walked it.

    A dataset with several names is one thing, called by the first of them. Jobs are those that
    made edges of the graph; with ``has_every_job`` also those that only read or only write one of
    its datasets, as far as ``actor`` may see.
    """
    same = _same(graph)
    versions = [_version(node) for node in graph.nodes if node.ref is not None]
    datasets = list(_datasets(graph, same))
    named = {version.id for version in versions} | {dataset.id for dataset in datasets}
    touches: Touches = defaultdict(lambda: (set(), set()))
    edges: set[Edge] = set()
    for link in graph.edges:
        source, target = same.get(link.source, link.source), same.get(link.target, link.target)
        if link.relation in {None, SYMLINK} or not {source, target} <= named or source == target:
            continue
        job = str(link.job) if link.job else ""
        edges.add(Edge(source, target, link.relation or "", str(link.run or ""), job))
        if link.job:
            touches[link.job][0].add(source)
            touches[link.job][1].add(target)
    if has_every_job:
        _add_touching(actor, touches, same)
    return Picture(
        settings.INSTANCE,
        tuple(sorted(versions, key=lambda each: each.path)),
        tuple(sorted(edges, key=_in_order)),
        tuple(sorted(datasets, key=lambda each: (each.namespace, each.name))),
        tuple(_jobs(actor, touches)),
    )


def _in_order(edge: Edge) -> tuple[str, ...]:
    return edge.target, edge.source, edge.relation, edge.job, edge.run


def _version(node: Node) -> Version:
    return Version(
        id=node.id,
        ref=node.ref or "",
        workspace=node.workspace or "",
        kind=node.kind or "",
        name=node.name or "",
        number=node.number or 0,
        digest=node.digest or "",
        stage=node.stage or "",
        aliases=tuple(sorted(node.aliases)),
    )


def _same(graph: Graph) -> dict[str, str]:
    """Return, for each dataset outside, the id of the one that stands for all its names."""
    names = {
        node.id: (node.namespace or "", node.name or "", node.id)
        for node in graph.nodes
        if node.type is NodeType.DATASET
    }
    parent = {identity: identity for identity in names}

    def root(identity: str) -> str:
        while parent[identity] != identity:
            parent[identity] = identity = parent[parent[identity]]
        return identity

    for link in graph.edges:
        if link.relation == SYMLINK:
            first, last = sorted((root(link.source), root(link.target)), key=names.__getitem__)
            parent[last] = first
    return {identity: root(identity) for identity in names}


def _datasets(graph: Graph, same: Mapping[str, str]) -> Iterator[Dataset]:
    names = {node.id: f"{node.namespace}/{node.name}" for node in graph.nodes if node.id in same}
    also: dict[str, list[str]] = defaultdict(list)
    for identity, chosen in same.items():
        if identity != chosen:
            also[chosen].append(names[identity])
    for node in graph.nodes:
        if same.get(node.id) == node.id:
            others = tuple(sorted(also[node.id]))
            yield Dataset(node.id, node.namespace or "", node.name or "", others)


def _add_touching(actor: Actor, touches: Touches, same: Mapping[str, str]) -> None:
    rows = JobDataset.objects.filter(access.in_reach(actor), job__deleted_at=None)
    columns = ("job__namespace", "job__name", "role", "dataset__uuid")
    for chunk in chunks(identity.removeprefix("dataset:") for identity in same):
        for namespace, name, role, uuid in rows.filter(dataset__uuid__in=chunk).values_list(
            *columns
        ):
            side = 0 if role == INPUT else 1
            touches[JobName(namespace, name)][side].add(same[f"dataset:{uuid}"])


def _jobs(actor: Actor, touches: Touches) -> Iterator[Job]:
    integrations = _integrations(actor, touches)
    for name in sorted(touches):
        read, written = touches[name]
        ends = tuple(sorted(read)), tuple(sorted(written))
        yield Job(name.namespace, name.name, integrations.get(name, ""), *ends)


def _integrations(actor: Actor, names: Iterable[JobName]) -> dict[JobName, str]:
    """Return what runs the jobs, by their latest ``jobType`` facets."""
    found: dict[JobName, str] = {}
    rows = JobRow.objects.filter(access.in_reach(actor)).order_by("event_time", "pk")
    for chunk in chunks(name_key(*name) for name in names):
        for namespace, name, state in rows.filter(key__in=chunk).values_list(
            "namespace", "name", "state"
        ):
            told = facet(state, "jobType").get("integration")
            if isinstance(told, str):
                found[JobName(namespace, name)] = told
    return found
