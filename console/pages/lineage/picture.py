"""Turn the graph of a reader into a picture: what of it is drawn, and what each node shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lineage.drawing.cards import Card
from lineage.drawing.folding import UP, Item, fold
from lineage.drawing.layout import lay_out
from lineage.drawing.palette import MORE
from lineage.drawing.shapes import Vertex
from lineage.drawing.svg import Picture
from lineage.graph.shapes import NodeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.pages.lineage.asked import Asked
    from console.pages.lineage.facts import Facts
    from lineage.drawing.folding import Folded, Group
    from lineage.graph import Graph, Node

SIDES = {UP: "what it came from", "down": "what came of it"}


def folded(graph: Graph, asked: Asked) -> Folded:
    """Return what of the graph is drawn."""
    items = (Item(node.id, node.level, _order(node), _asset(node)) for node in graph.nodes)
    edges = ((edge.source, edge.target, edge.relation or "") for edge in graph.edges)
    return fold(items, edges, graph.root, asked.wishes)


def drawn_nodes(graph: Graph, shown: Folded) -> list[Node]:
    """Return the nodes of the graph that stand in the picture, alone or with others."""
    members = {each for roll in shown.rolls.values() for each in roll}
    return [node for node in graph.nodes if node.id in shown.nodes or node.id in members]


def picture(graph: Graph, shown: Folded, asked: Asked, facts: Mapping[str, Facts]) -> Picture:
    """Return the picture of what is drawn, laid out."""
    nodes = graph.by_id
    cards = [
        _roll_card(each, [nodes[member] for member in shown.rolls[each]], asked)
        if each in shown.rolls
        else _card(nodes[each], facts.get(each), shown, asked)
        for each in shown.nodes
    ]
    cards += [_group_card(group, nodes, asked) for group in shown.groups]
    lanes = _lanes(shown, nodes)
    vertices = [
        Vertex(item.id, item.level, lanes[item.id], item.order) for item in shown.nodes.values()
    ]
    relations = dict(shown.edges)
    for group in shown.groups:
        step = -1 if group.side == UP else 1
        level = shown.nodes[group.owner].level + step
        # Behind all others of its column.
        vertices.append(Vertex(group.id, level, lanes[group.owner], "\uffff"))
        ends = (group.id, group.owner) if group.side == UP else (group.owner, group.id)
        relations[ends] = (MORE,)
    return Picture(
        lay_out(vertices, relations, has_lanes=asked.has_lanes),
        {card.id: card for card in cards},
        relations,
        f"Lineage of {named(nodes[graph.root])}",
        notes(graph, shown),
    )


def notes(graph: Graph, shown: Folded) -> tuple[str, ...]:
    """Return what a reader of the picture must know: when, how much of what, and what is not."""
    when = f"As of {graph.as_of:%Y-%m-%d %H:%M:%S} UTC. " if graph.as_of else ""
    levels = ", ".join(f"{each['nodes']} at {each['level']:+d}" for each in graph.levels)
    found = [
        f"{when}{shown.standing_for} of {len(graph.nodes)} nodes drawn, {len(graph.edges)} edges; "
        f"direction {graph.direction}, depth {graph.depth}.",
        f"Nodes by level: {levels}.".replace("+0", "0"),
    ]
    if graph.truncated:
        found.append("The graph is cut short: it has more nodes or edges than one answer holds.")
    elif graph.has_more:
        found.append(f"There is more beyond depth {graph.depth}.")
    return tuple(found)


def named(node: Node) -> str:
    """Return how a node is called in running text."""
    if node.ref:
        return node.ref
    if node.type == NodeType.DATASET:
        return f"{node.namespace} {node.name}"
    return node.name or "what you may not see"


def label(node: Node, state: str = "") -> str:
    """Return what is read out of a node: all that its card shows."""
    parts = [node.kind or "", named(node)]
    if node.type == NodeType.DATASET:
        parts[0] = "dataset outside"
    if node.ref is None and node.type == NodeType.VERSION:
        parts = ["a version in a workspace that you may not see"]
    parts += [node.stage or "", state.replace("_", " ")]
    parts.append("known by frozen provenance" if node.frozen else "")
    return ", ".join(part for part in parts if part)


def reference(node: Node) -> str:
    """Return what asks for the graph around this node, empty where nobody can."""
    if node.type == NodeType.DATASET:
        return node.id
    return node.ref or "" if node.visible else ""


def _card(node: Node, facts: Facts | None, shown: Folded, asked: Asked) -> Card:
    if node.ref is None and node.type == NodeType.VERSION:
        return Card(node.id, "not visible to you", "hidden", words=label(node))
    state = facts.state if facts else ""
    is_outside = node.type == NodeType.DATASET
    address = reference(node)
    return Card(
        node.id,
        node.name or "",
        "dataset" if is_outside else "version",
        "" if is_outside else node.kind or "",
        f"v{node.number}" if node.number else "",
        (node.namespace if is_outside else node.workspace) or "",
        node.stage or "",
        state,
        label(node, state),
        is_root=node.level == 0 and node.id in shown.nodes,
        is_frozen=node.frozen,
        href=asked.around(address).query if address else "",
        handles=_handles(node.id, shown, asked),
    )


def _handles(identity: str, shown: Folded, asked: Asked) -> dict[str, tuple[str, str]]:
    return {
        side: (asked.shutting(f"{side}:{identity}").query, f"Fold {SIDES[side]}")
        for side in shown.inner.get(identity, ())
    }


def _roll_card(identity: str, members: list[Node], asked: Asked) -> Card:
    first = members[0]
    numbers = sorted(node.number or 0 for node in members)
    words = f"{len(members)} versions of {first.workspace}/{first.kind}/{first.name}"
    return Card(
        identity,
        first.name or "",
        "roll",
        first.kind or "",
        f"{len(members)} versions",
        first.workspace or "",
        first.stage or "",
        words=f"{words}, {numbers[0]} to {numbers[-1]}: show each",
        href=asked.opening(f"all:{_asset(first)}").query,
    )


def _group_card(group: Group, nodes: Mapping[str, Node], asked: Asked) -> Card:
    kinds = Counter(_kind(nodes[each]) if each in nodes else "asset" for each in group.members)
    told = ", ".join(f"{count} {kind}{'s' * (count > 1)}" for kind, count in sorted(kinds.items()))
    title = f"+{len(group.members)} more"
    return Card(
        group.id,
        title,
        MORE,
        below=told,
        words=f"{title}, not drawn: {told}. Show them",
        href=asked.opening(group.id).query,
    )


def _kind(node: Node) -> str:
    if node.type == NodeType.DATASET:
        return "outside dataset"
    return node.kind or "hidden version"


def _order(node: Node) -> str:
    hidden = "" if node.name else "\uffff"
    return (
        f"{hidden}{node.kind} {node.name} {node.workspace or node.namespace} {node.number or 0:08}"
    )


def _asset(node: Node) -> str:
    return f"{node.workspace}/{node.kind}/{node.name}" if node.ref else ""


def _lanes(shown: Folded, nodes: Mapping[str, Node]) -> dict[str, str]:
    """Return the lane of each drawn node: its workspace, of a hidden version that of the node that
    it stands beside, of what is outside none."""
    found = {each: nodes[shown.rolls.get(each, (each,))[0]].workspace or "" for each in shown.nodes}
    for source, target in shown.edges:
        for hidden, beside in ((source, target), (target, source)):
            if hidden in nodes and not nodes[hidden].name:
                found[hidden] = found[beside]
    return found
