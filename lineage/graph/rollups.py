"""Graphs with many nodes as one: an asset for its versions, a workspace, or the jobs instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import InvalidInput
from core.references import parse
from lineage.graph.shapes import Link, Node, NodeType, reading_order
from lineage.mapping.naming import job_name, job_namespace
from lineage.mapping.registrations import work_of
from lineage.models import PROMOTED
from registry.kinds.links import LinkRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lineage.graph.shapes import Graph

ROLL_UPS = ("asset", "job", "workspace")
PROMOTE = "promote"


def roll_up(graph: Graph, by: str) -> Graph:
    """Return ``graph`` with its versions rolled up by asset or workspace, or turned into the jobs
    that made them. Hidden nodes stay as they are. Raises InvalidInput for another ``by``.

    A rolled-up node is at the level of its member that is nearest to the root; edges within it
    vanish, and parallel ones become one without run.
    """
    if by not in ROLL_UPS:
        raise InvalidInput.of("roll_up", f"must be one of {', '.join(ROLL_UPS)}")
    if by == "job":
        return _by_job(graph)
    named = _asset if by == "asset" else _workspace
    return _grouped(graph, {node.id: named(node) for node in graph.nodes})


def _asset(node: Node) -> Node:
    if node.type is not NodeType.VERSION or node.ref is None:
        return node
    ref = node.ref.rpartition("/")[0]
    return replace(
        node, id=f"asset:{ref}", type=NodeType.ASSET, ref=ref, number=None, digest=None, aliases=()
    )


def _workspace(node: Node) -> Node:
    """Return the workspace of a version; a dataset outside stands for its namespace."""
    if node.type is NodeType.DATASET:
        identity, name = f"namespace:{node.namespace}", node.namespace
    elif node.workspace is None:
        return node
    else:
        identity, name = f"workspace:{node.workspace}", node.workspace
    return Node(
        identity,
        node.level,
        node.visible,
        type=NodeType.WORKSPACE,
        frozen=node.frozen,
        name=name,
        workspace=node.workspace,
        stage=node.stage,
    )


def _grouped(graph: Graph, groups: dict[str, Node]) -> Graph:
    members = Counter(group.id for group in groups.values())
    nodes: dict[str, Node] = {}
    for group in sorted(groups.values(), key=lambda group: (abs(group.level), group.frozen)):
        nodes.setdefault(group.id, replace(group, members=members[group.id]))
    edges: dict[tuple[str, str, str | None], Link] = {}
    for edge in graph.edges:
        source, target = groups[edge.source].id, groups[edge.target].id
        if source != target:
            merged = Link(source, target, edge.relation, None, edge.job, edge.recorded_at)
            edges.setdefault((source, target, edge.relation), merged)
    return replace(
        graph,
        root=groups[graph.root].id,
        nodes=tuple(sorted(nodes.values(), key=reading_order)),
        edges=tuple(edges.values()),
    )


def _by_job(graph: Graph) -> Graph:
    """Return the jobs: whoever made a node stands before those who used it.

    The job of an edge of ours is named by what it did and for which asset. The root is the job
    that made the root, or the root itself where nothing did.
    """
    made_by = _jobs(graph)
    makers: dict[str, dict[str, Node]] = {}
    for edge, job in made_by.items():
        makers.setdefault(edge.target, {}).setdefault(job.id, job)
    nodes = _nearest(job for made in makers.values() for job in made.values())
    edges = {
        (maker, user.id): Link(maker, user.id, "then", None)
        for edge, user in made_by.items()
        for maker in makers.get(edge.source, {})
        if maker != user.id
    }
    root = next(iter(makers.get(graph.root, {})), graph.root)
    nodes.setdefault(root, graph.by_id[graph.root])
    ordered = sorted(nodes.values(), key=reading_order)
    return replace(graph, root=root, nodes=tuple(ordered), edges=tuple(edges.values()))


def _jobs(graph: Graph) -> dict[Link, Node]:
    """Return the job of each edge."""
    by_id, roles = graph.by_id, dict[str, set[str]]()
    for edge in graph.edges:
        roles.setdefault(edge.target, set()).add(edge.relation or "")
    return {edge: _job(edge, by_id[edge.target], roles[edge.target]) for edge in graph.edges}


def _nearest(jobs: Iterable[Node]) -> dict[str, Node]:
    """Return each job once, where it is nearest to the root, with how many nodes it made."""
    found: dict[str, Node] = {}
    counts: Counter[str] = Counter()
    for job in jobs:
        counts[job.id] += 1
        if job.id not in found or abs(job.level) < abs(found[job.id].level):
            found[job.id] = job
    return {key: replace(job, members=counts[key]) for key, job in found.items()}


def _job(edge: Link, target: Node, roles: set[str]) -> Node:
    """Return the job of an edge as a node at the level of what it made."""
    if edge.job is not None:
        name, workspace = str(edge.job), None
    elif target.ref is None or edge.relation is None:
        return Node(f"job:{target.id}", target.level, visible=False, type=NodeType.JOB)
    else:
        ref = parse(target.ref, instance=settings.INSTANCE)
        verb = PROMOTE if edge.relation == PROMOTED else work_of(ref.kind, _links(roles)).verb
        workspace = ref.workspace
        name = f"{job_namespace(workspace)}/{job_name(verb, ref)}"
    return Node(
        f"job:{name}",
        target.level,
        visible=True,
        type=NodeType.JOB,
        name=name,
        workspace=workspace,
    )


def _links(relations: set[str]) -> frozenset[str]:
    """Return those relations that are link roles: they tell what work it was."""
    return frozenset(relations & {role.value for role in LinkRole})
