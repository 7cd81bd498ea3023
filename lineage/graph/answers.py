"""Turn what walks met into nodes and edges that may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.graph import rows, statements
from lineage.graph.shapes import Link, Node, NodeType, reading_order
from lineage.graph.visibility import Sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from lineage.graph.shapes import JobName
    from lineage.graph.visibility import Sighting
    from lineage.graph.walk import Step, Walked


class Answer:
    """Nodes and edges of walks, as far as their actor may see them."""

    def __init__(self, sighting: Sighting, as_of: datetime | None = None) -> None:
        self.sighting = sighting
        self.as_of = as_of
        self._ids: dict[int, str] = {}

    def compose(self, up: Walked, down: Walked) -> tuple[tuple[Node, ...], tuple[Link, ...]]:
        """Return the nodes in reading order and the edges of a walk upstream and one downstream.

        One nameless node per version and side stands for all of its hidden neighbours.
        """
        levels = {key: -distance for key, distance in up.distance.items()} | down.distance
        nodes = self.nodes(levels)
        stubs = _Stubs()
        jobs, runs = self._told(up.steps + down.steps)
        edges: list[Link] = []
        for step in up.steps:
            if self._is_hidden(step.source):
                edges += stubs.before(self._ids[step.target], levels[step.target])
            else:
                edges.append(self._link(step, jobs, runs))
        for step in down.steps:
            if self._is_hidden(step.target):
                edges += stubs.after(self._ids[step.source], levels[step.source])
            else:
                edges.append(self._link(step, jobs, runs))
        return tuple(sorted(nodes + stubs.nodes, key=reading_order)), tuple(edges)

    def nodes(self, levels: dict[int, int]) -> list[Node]:
        """Return the nodes with those keys that are not hidden, at the given levels."""
        known = [key for key in levels if not self._is_hidden(key)]
        ids = {key for key in known if key > 0}
        versions = rows.versions(ids)
        seen = {key for key in ids if self.sighting.sights[key] is Sight.VISIBLE}
        aliases = rows.aliases(seen, as_of=self.as_of)
        found = []
        for key, row in versions.items():
            is_visible = key in seen
            self._ids[key] = row.uuid
            found.append(
                Node(
                    row.uuid,
                    levels[key],
                    is_visible,
                    frozen=not is_visible,
                    ref=row.ref,
                    kind=row.kind,
                    name=row.name,
                    workspace=row.workspace,
                    number=row.number,
                    digest=row.digest,
                    stage=row.stage if is_visible else None,
                    aliases=tuple(aliases.get(key, ())),
                )
            )
        return found + list(self._datasets(levels))

    def id_of(self, key: int) -> str:
        """Return the public id of a node that was composed."""
        return self._ids[key]

    def _datasets(self, levels: dict[int, int]) -> Iterator[Node]:
        found = rows.datasets({-key for key in levels if key < 0})
        for pk, (uuid, namespace, name) in found.items():
            identity = self._ids[-pk] = f"dataset:{uuid}"
            yield Node(
                identity,
                levels[-pk],
                visible=True,
                type=NodeType.DATASET,
                kind="dataset",
                name=name,
                namespace=namespace,
            )

    def _is_hidden(self, key: int) -> bool:
        return self.sighting.sights[key] is Sight.HIDDEN

    def _told(self, steps: Iterable[Step]) -> tuple[dict[int, JobName], dict[int, UUID]]:
        jobs = {step.job for step in steps if step.job is not None}
        runs = {step.told_by for step in steps if step.told_by is not None}
        return rows.job_names(jobs), rows.run_ids(runs)

    def _link(self, step: Step, jobs: dict[int, JobName], runs: dict[int, UUID]) -> Link:
        run = step.run and statements.uuid(step.run)
        if step.told_by is not None:
            run = runs.get(step.told_by)
        job = None if step.job is None else jobs.get(step.job)
        source, target = self._ids[step.source], self._ids[step.target]
        recorded_at = step.recorded_at and statements.moment(step.recorded_at)
        return Link(source, target, step.relation, run, job, recorded_at)


class _Stubs:
    """The nodes that stand for hidden versions: one per version and side, so that neither their
    number nor which of them are the same can be told."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._ids: dict[tuple[str, int], str] = {}

    def before(self, near: str, level: int) -> list[Link]:
        """Return the edge from a new stub to ``near``, at ``level``; none if there is one."""
        stub = self._new(near, level - 1)
        return [Link(stub, near, None, None)] if stub else []

    def after(self, near: str, level: int) -> list[Link]:
        """Return the edge from ``near`` to a new stub; none if there is one."""
        stub = self._new(near, level + 1)
        return [Link(near, stub, None, None)] if stub else []

    def _new(self, near: str, level: int) -> str | None:
        if (near, level) in self._ids:
            return None
        stub = f"hidden-{len(self._ids) + 1}"
        self._ids[near, level] = stub
        self.nodes.append(Node(id=stub, level=level, visible=False))
        return stub
