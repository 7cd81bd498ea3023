"""Walk from datasets to the jobs that read and write them, and on to those jobs' datasets.

However many runs the jobs had, each step is one row. Upstream and downstream are walked apart: what
else came of the same sources is not part of the answer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lineage.models import JobDataset
from lineage.queries import observed, steps
from lineage.queries.steps import INPUT, OUTPUT, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.actors import Actor

MAX_NODES = 2_000
FEW_LEVELS = 2  # are asked for one by one: all that lies behind them may be much more


class Link(NamedTuple):
    """A job reads or writes a dataset."""

    dataset: int
    job: str
    role: str


@dataclass
class Pipeline:
    """What a walk met: ids of datasets, keys of jobs, how they hang together, and ``direct``
    edges (source, target) that no job made. ``is_truncated`` where a limit left something out."""

    datasets: set[int] = field(default_factory=set)
    jobs: set[str] = field(default_factory=set)
    links: set[Link] = field(default_factory=set)
    direct: set[tuple[int, int]] = field(default_factory=set)
    is_truncated: bool = False


def around(
    actor: Actor, *, dataset: int | None = None, job: str | None = None, depth: int
) -> Pipeline:
    """Return what lies at most ``depth`` jobs upstream and downstream of a visible dataset (its
    id) or job (its key)."""
    walk = _Walk(actor)
    if job is not None:
        up, down = walk.begin_at_job(job)
    else:
        up = down = walk.begin_at_datasets(() if dataset is None else (dataset,))
    if depth > FEW_LEVELS:
        walk.read_ahead(up, down)
    seen_up, seen_down = set(up), set(down)
    for _ in range(depth):
        if not (up or down) or walk.found.is_truncated:
            break
        up, down = walk.step(up, down)
        up -= seen_up
        down -= seen_down
        seen_up |= up
        seen_down |= down
    return walk.found


class _Walk:
    """One walk of one actor."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.found = Pipeline()
        self._ahead: Mapping[tuple[bool, int], Sequence[Row]] | None = None

    def begin_at_datasets(self, ids: Iterable[int]) -> set[int]:
        self.found.datasets.update(ids)
        return set(self.found.datasets)

    def begin_at_job(self, key: str) -> tuple[set[int], set[int]]:
        """Meet a job and its own datasets."""
        self.found.jobs.add(key)
        rows = JobDataset.objects.filter(
            observed.within(self.actor),
            observed.nameable(self.actor, "dataset"),
            job_key=key,
            job__deleted_at=None,
        )
        met = rows.order_by("dataset_id", "role").values_list("dataset_id", "role").distinct()
        sides: dict[str, set[int]] = {INPUT: set(), OUTPUT: set()}
        for dataset, role in met[: steps.MAX_ROWS]:
            if self._admit(dataset):
                self.found.links.add(Link(dataset, key, role))
                sides[role].add(dataset)
        return sides[INPUT], sides[OUTPUT]

    def read_ahead(self, up: set[int], down: set[int]) -> None:
        """Ask for the steps of all levels at once, if they are not too many."""
        rows = steps.closure(self.actor, up, down) if up or down else None
        if rows is not None:
            ahead = defaultdict(list)
            for row in rows:
                ahead[row.is_up, row.near].append(row)
            self._ahead = ahead

    def step(self, up: set[int], down: set[int]) -> tuple[set[int], set[int]]:
        """Meet the jobs next to the datasets and what lies behind; return the new far ends."""
        above: set[int] = set()
        below: set[int] = set()
        rows = self._steps(up, down)
        for row in sorted(rows, key=lambda row: (row.near, row.job, row.far or 0, row.is_up)):
            if row.job and not self._admit_job(row):
                continue
            if row.far is not None and self._admit(row.far):
                self._join(row, row.far)
                (above if row.is_up else below).add(row.far)
        return above, below

    def _steps(self, up: set[int], down: set[int]) -> Sequence[Row]:
        if self._ahead is not None:
            sides = ((True, up), (False, down))
            wanted = [(is_up, near) for is_up, level in sides for near in level]
            return [row for key in wanted for row in self._ahead.get(key, ())]
        rows = steps.beside(self.actor, up, down)
        self.found.is_truncated |= len(rows) >= steps.MAX_ROWS
        return rows

    def _admit_job(self, row: Row) -> bool:
        if row.job not in self.found.jobs and self._is_full():
            return False
        self.found.jobs.add(row.job)
        self.found.links.add(Link(row.near, row.job, OUTPUT if row.is_up else INPUT))
        return True

    def _join(self, row: Row, far: int) -> None:
        if row.job:
            self.found.links.add(Link(far, row.job, INPUT if row.is_up else OUTPUT))
        else:
            self.found.direct.add((far, row.near) if row.is_up else (row.near, far))

    def _admit(self, dataset: int) -> bool:
        if dataset not in self.found.datasets:
            if self._is_full():
                return False
            self.found.datasets.add(dataset)
        return True

    def _is_full(self) -> bool:
        full = len(self.found.datasets) + len(self.found.jobs) >= MAX_NODES
        self.found.is_truncated |= full
        return full
