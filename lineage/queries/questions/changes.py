"""What changed between the lineages of two versions?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.graph import explore
from lineage.graph.exploration import MAX_DEPTH
from lineage.queries.questions.table import Table, left_out, name_of

if TYPE_CHECKING:
    from core.actors import Actor
    from lineage.graph import Graph, Node

QUESTION = "changes"
COLUMNS = ("change", "asset", "before", "after", "before_digest", "after_digest")


def changes(actor: Actor, before: str, after: str) -> Table:
    """Return which assets are upstream of ``after`` and not of ``before`` (added), the other way
    round (removed), or in other versions (changed); the two themselves are left out.

    Raises as ``explore`` does.
    """
    graphs = [
        explore(actor, node, direction="upstream", depth=MAX_DEPTH) for node in (before, after)
    ]
    old, new = (_by_asset(graph) for graph in graphs)
    rows = [
        row
        for asset in sorted(old.keys() | new.keys())
        if (row := _row(asset, old.get(asset, {}), new.get(asset, {})))
    ]
    notes = dict.fromkeys(note for graph in graphs for note in left_out(graph))
    return Table(QUESTION, COLUMNS, rows, tuple(notes))


def _by_asset(graph: Graph) -> dict[str, dict[str, Node]]:
    """Return the named nodes but the root, by asset and then by version."""
    found: dict[str, dict[str, Node]] = {}
    for node in graph.nodes:
        if node.id == graph.root or node.name is None:
            continue
        name = name_of(node)
        asset = name.rpartition("/")[0] if node.ref else name
        found.setdefault(asset, {})[name] = node
    return found


def _row(asset: str, old: dict[str, Node], new: dict[str, Node]) -> dict[str, Any] | None:
    if old.keys() == new.keys():
        return None
    change = "changed" if old and new else "added" if new else "removed"
    gone = [old[name] for name in sorted(old.keys() - new.keys())]
    come = [new[name] for name in sorted(new.keys() - old.keys())]
    return {
        "change": change,
        "asset": asset,
        "before": [name_of(node) for node in gone],
        "after": [name_of(node) for node in come],
        "before_digest": [node.digest for node in gone if node.digest],
        "after_digest": [node.digest for node in come if node.digest],
    }
