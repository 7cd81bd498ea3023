"""Walk from datasets to the jobs that read and write them, and on to those jobs' datasets.

One question per level, for both directions at once, however many runs the jobs had. Upstream and
downstream are walked apart: what else came of the same sources is not part of the answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from lineage.models import Dataset, DatasetEdge, Job, JobDataset
from registry import access
from registry.models import Asset

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from core.actors import Actor

MAX_NODES = 2_000
MAX_ROWS = 20_000  # of one level: what is read before the limit on nodes can tell
INPUT, OUTPUT = JobDataset.Role.INPUT.value, JobDataset.Role.OUTPUT.value


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


class _Row(NamedTuple):
    """One step away from a dataset; a job without datasets on its far side has no ``far``."""

    is_up: bool
    near: int
    job: str
    far: int | None
    near_workspace: int
    far_workspace: int | None
    far_owner: int | None


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
        self._visible: dict[int, bool] = {}

    def begin_at_datasets(self, ids: Iterable[int]) -> set[int]:
        self.found.datasets.update(ids)
        return set(self.found.datasets)

    def begin_at_job(self, key: str) -> tuple[set[int], set[int]]:
        """Meet a job and its own datasets."""
        self.found.jobs.add(key)
        rows = JobDataset.objects.filter(job_key=key, job__deleted_at=None)
        columns = ("dataset_id", "role", "workspace_id", "dataset__asset__workspace_id")
        met = list(rows.values_list(*columns).distinct()[:MAX_ROWS])
        self._judge(place for row in met for place in row[2:] if place is not None)
        sides: dict[str, set[int]] = {INPUT: set(), OUTPUT: set()}
        for dataset, role, *places in sorted(met, key=lambda row: row[:2]):
            if self._may_see(*places) and self._admit(dataset):
                self.found.links.add(Link(dataset, key, role))
                sides[role].add(dataset)
        return sides[INPUT], sides[OUTPUT]

    def step(self, up: set[int], down: set[int]) -> tuple[set[int], set[int]]:
        """Meet the jobs next to the datasets and what lies behind; return the new far ends."""
        rows = _next(up, down)
        self.found.is_truncated |= len(rows) >= MAX_ROWS
        self._judge(place for row in rows for place in row[4:] if place is not None)
        above: set[int] = set()
        below: set[int] = set()
        for row in sorted(rows, key=lambda row: (row.near, row.job, row.far or 0, row.is_up)):
            if not self._may_see(row.near_workspace):
                continue
            if row.job and not self._admit_job(row):
                continue
            if row.far is None or not self._may_see(row.far_workspace, row.far_owner):
                continue
            if self._admit(row.far):
                self._join(row, row.far)
                (above if row.is_up else below).add(row.far)
        return above, below

    def _admit_job(self, row: _Row) -> bool:
        if row.job not in self.found.jobs and self._is_full():
            return False
        self.found.jobs.add(row.job)
        self.found.links.add(Link(row.near, row.job, OUTPUT if row.is_up else INPUT))
        return True

    def _join(self, row: _Row, far: int) -> None:
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

    def _judge(self, places: Iterable[int]) -> None:
        new = set(places) - self._visible.keys()
        if new:
            readable = access.readable(self.actor, new)
            self._visible |= {place: place in readable for place in new}

    def _may_see(self, *places: int | None) -> bool:
        return all(place is None or self._visible[place] for place in places)


def _next(up: Collection[int], down: Collection[int]) -> list[_Row]:
    sql = _statement(connection.vendor, is_up=bool(up), is_down=bool(down))
    levels = [_listed(level) for level in (up, down) if level]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*levels, *levels, MAX_ROWS])
        return [_Row(bool(row[0]), *row[1:]) for row in cursor.fetchall()]


def _listed(ids: Collection[int]) -> list[int] | str:
    ordered = sorted(ids)
    return ordered if connection.vendor == "postgresql" else json.dumps(ordered)


@cache
def _statement(vendor: str, *, is_up: bool, is_down: bool) -> str:
    """Return the SQL of one level: the ORM joins no table with itself by a key, and the text is
    the same for any number of datasets, so that the database can prepare it."""
    among = "= ANY(%s)" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    ways = [way for way, asked in ((True, is_up), (False, is_down)) if asked]
    parts = [part(among, is_up=way) for part in (_by_jobs, _by_themselves) for way in ways]
    return " UNION ALL ".join(parts) + " LIMIT %s"


def _by_jobs(among: str, *, is_up: bool) -> str:
    near, far = (OUTPUT, INPUT) if is_up else (INPUT, OUTPUT)
    pairs, jobs = JobDataset._meta.db_table, Job._meta.db_table
    return (
        f"SELECT {int(is_up)}, near.dataset_id, near.job_key, far.dataset_id,"  # noqa: S608 - ours
        " near.workspace_id, far.workspace_id, owner.workspace_id"
        f" FROM {pairs} near JOIN {jobs} job ON job.id = near.job_id AND job.deleted_at IS NULL"
        f" LEFT JOIN {pairs} far ON far.job_key = near.job_key AND far.role = '{far}'"
        f" {_owner('far.dataset_id')}"
        f" WHERE near.role = '{near}' AND near.dataset_id {among}"
    )


def _by_themselves(among: str, *, is_up: bool) -> str:
    near, far = ("target_id", "source_id") if is_up else ("source_id", "target_id")
    return (
        f"SELECT {int(is_up)}, edge.{near}, '', edge.{far},"  # noqa: S608 - ours
        " edge.workspace_id, edge.workspace_id, owner.workspace_id"
        f" FROM {DatasetEdge._meta.db_table} edge {_owner(f'edge.{far}')}"
        f" WHERE edge.job_id IS NULL AND edge.closed_at IS NULL AND edge.{near} {among}"
    )


def _owner(dataset: str) -> str:
    """Return the join that tells whose asset a dataset is."""
    return (
        f"LEFT JOIN {Dataset._meta.db_table} dataset ON dataset.id = {dataset}"
        f" LEFT JOIN {Asset._meta.db_table} owner ON owner.id = dataset.asset_id"
    )
