"""The graph as a table: what the picture shows, for those who read rows, and for files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from console.pages.lineage.picture import label, named, reference
from lineage.queries.questions.table import cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from console.pages.lineage.facts import Facts
    from lineage.graph import Graph, Node

COLUMNS = (
    "level",
    "type",
    "kind",
    "workspace",
    "stage",
    "name",
    "number",
    "reference",
    "namespace",
    "digest",
    "aliases",
    "state",
    "seen_by",
    "came_from",
    "went_into",
)


class Near(NamedTuple):
    """A neighbour: its relation in words, its name in full, and a short one."""

    relation: str
    name: str
    short: str


@dataclass(frozen=True)
class Row:
    """A node with what is known of it, and its neighbours."""

    node: Node
    facts: Facts | None
    before: Sequence[Near]
    after: Sequence[Near]
    is_drawn: bool = True

    @property
    def name(self) -> str:
        """Return how the node is called."""
        return named(self.node)

    @property
    def words(self) -> str:
        """Return the node in words."""
        return label(self.node, self.facts.state if self.facts else "")

    @property
    def reference(self) -> str:
        """Return what asks for the graph around the node."""
        return reference(self.node)

    @property
    def seen_by(self) -> str:
        """Return how the reader comes to know of the node."""
        if self.node.frozen:
            return "frozen provenance"
        return "access" if self.node.visible else "nothing"


def rows(graph: Graph, facts: Mapping[str, Facts], drawn: frozenset[str]) -> list[Row]:
    """Return a row for each node of the graph, those that are drawn first, else as in the graph."""
    nodes = graph.by_id
    before: dict[str, list[Near]] = defaultdict(list)
    after: dict[str, list[Near]] = defaultdict(list)
    for edge in graph.edges:
        words = (edge.relation or "").replace("_", " ") + (f" by {edge.job}" if edge.job else "")
        before[edge.target].append(_near(words, nodes[edge.source]))
        after[edge.source].append(_near(words, nodes[edge.target]))
    found = [
        Row(
            node,
            facts.get(node.id),
            sorted(before[node.id]),
            sorted(after[node.id]),
            node.id in drawn,
        )
        for node in graph.nodes
    ]
    return sorted(found, key=lambda row: not row.is_drawn)


def cells(found: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    """Yield the header of a file and a line for each row."""
    yield COLUMNS
    for row in found:
        node = row.node
        yield (
            node.level,
            node.type,
            node.kind,
            node.workspace,
            node.stage,
            node.name,
            node.number,
            node.ref or row.reference,
            node.namespace,
            node.digest,
            cell(node.aliases),
            row.facts.state if row.facts else "",
            row.seen_by,
            _told(row.before),
            _told(row.after),
        )


def _near(words: str, node: Node) -> Near:
    number = f" v{node.number}" if node.number else ""
    return Near(words, named(node), f"{node.name}{number}" if node.name else named(node))


def _told(neighbours: Sequence[Near]) -> str:
    return "; ".join(f"{each.relation} {each.name}".strip() for each in neighbours)
