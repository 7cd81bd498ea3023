"""The lineage excerpt of a report as a static picture. Plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.drawing.cards import Card
from lineage.drawing.layout import lay_out
from lineage.drawing.shapes import Vertex
from lineage.drawing.svg import Picture, standalone

if TYPE_CHECKING:
    from audits.reports.excerpts import LineageFacts, NodeFacts

TITLE = "Where it came from"


def drawn(lineage: LineageFacts, *, as_of: str) -> str:
    """Return the picture as SVG with its legend; empty where there is nothing upstream."""
    if not lineage.edges:
        return ""
    vertices = [Vertex(node.id, node.level, node.place, node.name) for node in lineage.nodes]
    relations: dict[tuple[str, str], tuple[str, ...]] = {}
    for edge in lineage.edges:
        ends = (edge.source, edge.target)
        relations[ends] = (*relations.get(ends, ()), edge.relation)
    notes = [f"As of {as_of}, known by then: {len(lineage.nodes)} nodes."]
    if lineage.left_out:
        notes.append(f"{lineage.left_out} nodes farther away are left out.")
    return standalone(
        Picture(
            lay_out(vertices, relations, has_lanes=True),
            {node.id: _card(node) for node in lineage.nodes},
            relations,
            TITLE,
            tuple(notes),
        )
    )


def _card(node: NodeFacts) -> Card:
    return Card(
        node.id,
        node.name,
        "dataset" if node.is_outside else "version",
        "" if node.is_outside else node.kind,
        f"v{node.number}" if node.number else "",
        node.place,
        node.stage,
        words=node.reference or f"{node.place} {node.name}",
        is_root=node.level == 0,
        is_frozen=node.is_frozen,
    )
