"""How much lies upstream or downstream of a version, without a limit on its size.

A walk answers two thousand nodes; a base model may have a hundred thousand descendants. They are
found and counted by one recursive statement over nodes: UNION meets each once, where a recursion
over (node, depth) would meet it again at every depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from core.errors import InvalidInput
from lineage.graph import statements
from lineage.graph.roots import root_of
from lineage.graph.shapes import Direction
from registry import access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.actors import Actor

REACH = """
WITH RECURSIVE reached(id) AS (
  SELECT CAST(%s AS bigint)
  UNION
  SELECT e.{far}_id FROM reached r JOIN lineage_edge e ON e.{near}_id = r.id{until}{visible}
)
SELECT w.slug, w.stage, a.kind, count(*)
FROM reached r JOIN registry_assetversion v ON v.id = r.id
JOIN registry_asset a ON a.id = v.asset_id JOIN registry_workspace w ON w.id = a.workspace_id
WHERE r.id <> %s GROUP BY w.slug, w.stage, a.kind ORDER BY w.slug, a.kind
"""


VISIBLE = " JOIN registry_assetversion n ON n.id = e.{far}_id AND n.workspace_id {among}"


@dataclass(frozen=True)
class Count:
    """How many versions of a kind a workspace has in reach."""

    workspace: str
    stage: str
    kind: str
    versions: int


@dataclass(frozen=True)
class Reach:
    """The versions that data of the root went into, or came from, counted by where and what."""

    direction: str
    counts: Sequence[Count]

    @property
    def total(self) -> int:
        """Return how many versions that is."""
        return sum(count.versions for count in self.counts)


def reach(
    actor: Actor, node: str, *, direction: str = "downstream", as_of: datetime | None = None
) -> Reach:
    """Return how many versions lie in one direction of a version, at any distance.

    Counts what the actor may see and can be reached over what they may see. Raises InvalidInput
    for another direction or for a dataset outside, and as ``explore`` does.
    """
    if direction not in {Direction.UPSTREAM, Direction.DOWNSTREAM}:
        raise InvalidInput.of("direction", "must be upstream or downstream")
    root = root_of(actor, node, as_of=as_of)
    if root < 0:
        raise InvalidInput.of("node", "must name a version of this installation")
    near, far = ("target", "source") if direction == Direction.UPSTREAM else ("source", "target")
    until = " AND e.created_at <= %s" if as_of is not None else ""
    parameters: list[object] = [root]
    if as_of is not None:
        parameters.append(connection.ops.adapt_datetimefield_value(as_of))
    seen, visible = access.workspace_ids(actor), ""
    if seen is not None:
        visible = VISIBLE.format(far=far, among=statements.among())
        parameters.append(statements.ids_of(set(seen)))
    text = REACH.format(near=near, far=far, until=until, visible=visible)
    rows = statements.rows(text, [*parameters, root])
    return Reach(direction, [Count(*row) for row in rows])
