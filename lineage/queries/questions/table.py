"""An answer as a table, and the ways through a graph that its rows tell."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.csv_text import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lineage.graph import Graph, Node
    from lineage.graph.shapes import Link


@dataclass(frozen=True)
class Table:
    """Rows that all have ``columns``. ``is_complete`` is false where a limit, or what the caller
    may not see, left something out; ``notes`` say what."""

    question: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing was left out."""
        return not self.notes

    def as_csv(self) -> Iterator[str]:
        """Yield the lines of a CSV file with a header; lists are joined by semicolons."""
        yield from lines([self.columns])
        yield from lines([cell(row[column]) for column in self.columns] for row in self.rows)


def cell(value: Any) -> Any:
    """Return a value as tables in files have it: a list joined by semicolons."""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def name_of(node: Node) -> str:
    """Return what a node is called in a table."""
    if node.ref:
        return node.ref
    return f"{node.namespace}/{node.name}" if node.name else "(hidden)"


@dataclass(frozen=True)
class Ways:
    """The shortest way between each node of a graph and the nearest of ``roots``."""

    graph: Graph
    next_hop: Mapping[str, Link]
    roots: frozenset[str]

    @classmethod
    def upstream(cls, graph: Graph, roots: Iterable[str] = ()) -> Ways:
        """Return the ways of data into ``roots``, the graph's own root without."""
        return cls._found(
            graph, frozenset(roots) or frozenset({graph.root}), near="target", far="source"
        )

    @classmethod
    def downstream(cls, graph: Graph, roots: Iterable[str] = ()) -> Ways:
        """Return the ways of data out of ``roots``, the graph's own root without."""
        return cls._found(
            graph, frozenset(roots) or frozenset({graph.root}), near="source", far="target"
        )

    @classmethod
    def _found(cls, graph: Graph, roots: frozenset[str], *, near: str, far: str) -> Ways:
        edges: dict[str, list[Link]] = {}
        for edge in graph.edges:
            edges.setdefault(getattr(edge, near), []).append(edge)
        hops: dict[str, Link] = {}
        queue = deque(sorted(roots))
        while queue:
            for edge in edges.get(queue.popleft(), ()):
                node = getattr(edge, far)
                if node not in hops and node not in roots:
                    hops[node] = edge
                    queue.append(node)
        return cls(graph, hops, roots)

    def along(self, node: str) -> list[Link]:
        """Return the edges from ``node`` to its root, that of the node first."""
        edges = []
        while (edge := self.next_hop.get(node)) is not None:
            edges.append(edge)
            node = edge.target if edge.source == node else edge.source
        return edges

    def distance(self, node: str) -> int:
        """Return how many edges lie between ``node`` and its root."""
        return len(self.along(node))

    def told(self, node: str, names: Mapping[str, str]) -> str:
        """Return the way in the direction of the data, as ``a -relation-> b``."""
        edges = self.along(node)
        if edges and edges[0].target == node:
            edges = edges[::-1]
        if not edges:
            return ""
        return names[edges[0].source] + "".join(
            f" -{edge.relation or '?'}-> {names[edge.target]}" for edge in edges
        )


def names_in(graph: Graph) -> dict[str, str]:
    """Return what each node is called, by its id."""
    return {node.id: name_of(node) for node in graph.nodes}


def left_out(graph: Graph) -> tuple[str, ...]:
    """Return what keeps an answer from ``graph`` from being complete."""
    notes = []
    if not graph.settled:
        notes.append("not everything that had happened by then is in the graph yet")
    if graph.truncated:
        notes.append("a limit on the size of the graph left nodes out")
    if graph.has_more:
        notes.append("there are nodes beyond the depth that was walked")
    if hidden := sum(node.ref is None and node.name is None for node in graph.nodes):
        notes.append(f"there are {hidden} neighbouring nodes that you may not see")
    return tuple(notes)
