"""Steps between datasets, as a walk asks for them: level by level, or a whole closure at once.

SQL by hand: the ORM joins no table with itself by a key, nor recursively. The text is the same for
any number of datasets and workspaces.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from lineage.graph.statements import among, ids_of
from lineage.models import Dataset, DatasetEdge, Job, JobDataset
from registry import access
from registry.models import Asset

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.actors import Actor

MAX_ROWS = 20_000  # what is read before a walk's limit on nodes can tell
INPUT, OUTPUT = JobDataset.Role.INPUT.value, JobDataset.Role.OUTPUT.value


class Row(NamedTuple):
    """A step from the dataset ``near``, against the flow where ``is_up``, over ``job`` (empty for
    an edge that no job made). There is no ``far`` where the job has nothing visible behind it."""

    is_up: bool
    near: int
    job: str
    far: int | None


def beside(actor: Actor, up: Collection[int], down: Collection[int]) -> list[Row]:
    """Return the steps up from some datasets and down from others, at most ``MAX_ROWS``."""
    return _run(_Ways(bool(up), bool(down)), actor, up, down, is_closure=False)


def closure(actor: Actor, up: Collection[int], down: Collection[int]) -> list[Row] | None:
    """Return all steps up from some datasets, down from others, and on from there; None where
    they are too many, or where asking level by level costs no less."""
    if connection.vendor != "postgresql":
        return None  # in the same process: a question costs what its answer does
    rows = _run(_Ways(bool(up), bool(down)), actor, up, down, is_closure=True)
    return rows if len(rows) < MAX_ROWS else None


class _Ways(NamedTuple):
    """In which directions it is asked."""

    up: bool
    down: bool


def _run(
    ways: _Ways, actor: Actor, up: Collection[int], down: Collection[int], *, is_closure: bool
) -> list[Row]:
    places = access.workspace_ids(actor)
    sql = _statement(ways, sees_all=places is None, is_closure=is_closure)
    values: dict[str, Any] = {"limit": MAX_ROWS}
    values |= {"up": ids_of(up), "down": ids_of(down), "places": ids_of(places or ())}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Row(bool(is_up), near, job, far) for is_up, near, job, far in cursor.fetchall()]


@cache
def _statement(ways: _Ways, *, sees_all: bool, is_closure: bool) -> str:
    sides = [side for side, asked in (("up", ways.up), ("down", ways.down)) if asked]
    visible = "TRUE" if sees_all else "{} " + among("%(places)s")
    if not is_closure:
        parts = [_steps(side, among(f"%({side})s"), visible) for side in sides]
        return " UNION ALL ".join(parts) + " LIMIT %(limit)s"
    # Whole rows are joined to each dataset that was met, which is met once.
    met = ", ".join(
        f"{side}(dataset) AS (SELECT unnest(%({side})s::bigint[]) UNION"  # noqa: S608 - ours
        f" SELECT step.far FROM {side} JOIN LATERAL ({_steps(side, f'= {side}.dataset', visible)})"
        f" AS step(is_up, near, job, far) ON step.far IS NOT NULL)"
        for side in sides
    )
    found = " UNION ALL ".join(
        f"SELECT step.* FROM {side} JOIN LATERAL"  # noqa: S608 - ours
        f" ({_steps(side, f'= {side}.dataset', visible)}) AS step ON TRUE"
        for side in sides
    )
    return f"WITH RECURSIVE {met} {found} LIMIT %(limit)s"


def _steps(side: str, chosen: str, visible: str) -> str:
    return f"{_by_jobs(side, chosen, visible)} UNION ALL {_by_themselves(side, chosen, visible)}"


def _by_jobs(side: str, chosen: str, visible: str) -> str:
    is_up = side == "up"
    near, far = (OUTPUT, INPUT) if is_up else (INPUT, OUTPUT)
    pairs, jobs = JobDataset._meta.db_table, Job._meta.db_table
    return (
        f"SELECT {int(is_up)}, near.dataset_id, near.job_key,"  # noqa: S608 - ours
        f" CASE WHEN {_nameable(visible)} THEN far.dataset_id END"
        f" FROM {pairs} near JOIN {jobs} job ON job.id = near.job_id AND job.deleted_at IS NULL"
        f" LEFT JOIN {pairs} far ON far.job_key = near.job_key AND far.role = '{far}'"
        f" AND {visible.format('far.workspace_id')} {_owner('far.dataset_id')}"
        f" WHERE near.role = '{near}' AND near.dataset_id {chosen}"
        f" AND {visible.format('near.workspace_id')}"
    )


def _by_themselves(side: str, chosen: str, visible: str) -> str:
    is_up = side == "up"
    near, far = ("target_id", "source_id") if is_up else ("source_id", "target_id")
    return (
        f"SELECT {int(is_up)}, edge.{near}, '', edge.{far}"  # noqa: S608 - ours
        f" FROM {DatasetEdge._meta.db_table} edge {_owner(f'edge.{far}')}"
        f" WHERE edge.job_id IS NULL AND edge.closed_at IS NULL AND edge.{near} {chosen}"
        f" AND {visible.format('edge.workspace_id')} AND {_nameable(visible)}"
    )


def _owner(dataset: str) -> str:
    """Return the join that tells whose asset a dataset is."""
    return (
        f"LEFT JOIN {Dataset._meta.db_table} dataset ON dataset.id = {dataset}"
        f" LEFT JOIN {Asset._meta.db_table} owner ON owner.id = dataset.asset_id"
    )


def _nameable(visible: str) -> str:
    return f"(dataset.asset_id IS NULL OR {visible.format('owner.workspace_id')})"
