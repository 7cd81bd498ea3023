"""What data went into this, through base models too?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.graph import explore
from lineage.graph.exploration import MAX_DEPTH
from lineage.graph.shapes import NodeType
from lineage.queries.questions.table import Table, Ways, left_out, name_of, names_in
from registry.models import AssetVersion

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from core.actors import Actor
    from lineage.graph import Node

QUESTION = "training-data"
COLUMNS = (
    "data",
    "type",
    "digest",
    "workspace",
    "license",
    "personal_data",
    "role",
    "distance",
    "through",
    "path",
)


def training_data(actor: Actor, node: str, *, as_of: datetime | None = None) -> Table:
    """Return every dataset upstream of ``node``, ours with digests and terms of use, those outside
    with their OpenLineage names, nearest first.

    ``role`` is how it was used by what is next on the way (trained_on, evaluated_on, …);
    ``through`` counts the models on the way, ``path`` tells it. Raises as ``explore``.
    """
    graph = explore(actor, node, direction="upstream", depth=MAX_DEPTH, as_of=as_of)
    data = [found for found in graph.nodes if found.kind == "dataset" and found.id != graph.root]
    terms = _terms([found.id for found in data if found.type is NodeType.VERSION and found.visible])
    ways, names, kinds = Ways.upstream(graph), names_in(graph), graph.by_id
    rows: list[dict[str, Any]] = []
    for found in data:
        way = ways.along(found.id)
        rows.append(
            _described(found, terms.get(found.id, {}))
            | {
                "role": way[0].relation if way else None,
                "distance": len(way),
                "through": sum(kinds[edge.target].kind == "model" for edge in way[:-1]),
                "path": ways.told(found.id, names),
            }
        )
    rows.sort(key=lambda row: (row["distance"], row["data"]))
    return Table(QUESTION, COLUMNS, rows, left_out(graph))


def _described(node: Node, spec: dict[str, Any]) -> dict[str, Any]:
    personal = spec.get("personal_data")
    return {
        "data": name_of(node),
        "type": node.type.value,
        "digest": node.digest,
        "workspace": node.workspace,
        "license": spec.get("license"),
        "personal_data": personal.get("contains") if isinstance(personal, dict) else None,
    }


def _terms(uuids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the specs of versions by their public ids."""
    rows = AssetVersion.objects.filter(uuid__in=uuids).values_list("uuid", "spec__body")
    return {str(uuid): body for uuid, body in rows}
