"""What fed production at a time?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.graph import sources_of
from lineage.queries.questions.standing import MAX_PLACES, in_production
from lineage.queries.questions.table import Table, Ways, left_out, name_of, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.actors import Actor
    from lineage.graph import Graph
    from lineage.queries.questions.standing import Standing

QUESTION = "fed-production"
COLUMNS = ("place", "version", "digest", "source", "kind", "source_digest", "distance", "path")
MAX_ROWS = 10_000


def fed_production(actor: Actor, at: datetime, *, workspace: str = "") -> Table:
    """Return each alias and serving deployment of production at that time with every node that its
    version came from, as the graph was known then.

    A version without sources has one row with an empty source. At most 1,000 places and 10,000
    rows.
    """
    standing = in_production(actor, at=at, workspace=workspace)
    places = standing[:MAX_PLACES]
    graph = sources_of(actor, {stood.version_id for stood in places}, as_of=at)
    rows: list[dict[str, Any]] = []
    notes = list(left_out(graph))
    if len(standing) > MAX_PLACES:
        notes.append(f"more than {MAX_PLACES} aliases and deployments stood in production")
    for stood in places:
        rows += _rows(stood, graph)
        if len(rows) > MAX_ROWS:
            notes.append(f"only the first {MAX_ROWS} rows are told")
            break
    return Table(QUESTION, COLUMNS, rows[:MAX_ROWS], tuple(notes))


def _rows(stood: Standing, graph: Graph) -> Iterator[dict[str, Any]]:
    nodes, ways, names = graph.by_id, Ways.upstream(graph, {stood.version}), names_in(graph)
    root = nodes[stood.version]
    start = {"place": stood.place, "version": name_of(root), "digest": root.digest}
    if not ways.next_hop:
        nothing = {"source": None, "kind": None, "source_digest": None}
        yield start | nothing | {"distance": 0, "path": ""}
    for identity in ways.next_hop:
        node = nodes[identity]
        yield start | {
            "source": name_of(node),
            "kind": node.kind,
            "source_digest": node.digest,
            "distance": ways.distance(identity),
            "path": ways.told(identity, names),
        }
