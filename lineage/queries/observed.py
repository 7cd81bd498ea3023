"""Which datasets, jobs and runs of OpenLineage's an actor may see.

What one workspace told is seen by whoever may see that workspace. Where several told of one name,
the actor sees one thing: the latest of each facet, the newest of two jobs or runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from core.merging import MAX_KEYS
from lineage.models import Dataset, Job, Run, WorkspaceDataset
from lineage.received.facets import FACETS
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from core.actors import Actor


def within(actor: Actor, *, path: str = "workspace") -> Q:
    """Return the condition that ``actor`` may see a row's workspace, at ``path``.

    As ``registry.access.in_reach``, with the workspaces spelled out where they are few: one
    answer asks for several kinds of rows, and to build that condition costs more than they do.
    """
    ids = access.workspace_ids(actor)
    if ids is None:
        return access.EVERYTHING
    if len(ids) > MAX_KEYS:
        return access.in_reach(actor, path=path)
    return Q(**{f"{path}_id__in": ids})


def nameable(actor: Actor, path: str = "") -> Q:
    """Return the condition that the dataset at ``path`` is nobody's asset, or one of a workspace
    that ``actor`` may see."""
    asset = f"{path}__asset" if path else "asset"
    return Q(**{asset: None}) | within(actor, path=f"{asset}__workspace")


def observations(actor: Actor) -> QuerySet[WorkspaceDataset]:
    """Return what the workspaces that ``actor`` may see told of datasets."""
    return WorkspaceDataset.objects.filter(within(actor), nameable(actor, "dataset"))


def datasets(actor: Actor) -> QuerySet[Dataset]:
    """Return the datasets that ``actor`` may see. Each is asked for by itself: of a list of all of
    them a database would make a table first, to answer one."""
    told = WorkspaceDataset.objects.filter(within(actor), dataset=OuterRef("pk"))
    return Dataset.objects.filter(Exists(told), nameable(actor))


def jobs(actor: Actor) -> QuerySet[Job]:
    """Return the jobs that ``actor`` may see, of those with one name the newest."""
    seen = Job.objects.filter(within(actor), deleted_at=None)
    return seen.exclude(Exists(_newer(seen.filter(key=OuterRef("key")))))


def runs(actor: Actor) -> QuerySet[Run]:
    """Return the runs that ``actor`` may see, of those with one id the newest."""
    seen = Run.objects.filter(within(actor), job__deleted_at=None)
    return seen.exclude(Exists(_newer(seen.filter(run_id=OuterRef("run_id")))))


def _newer(twins: QuerySet[Any]) -> QuerySet[Any]:
    return twins.filter(
        Q(event_time__gt=OuterRef("event_time"))
        | Q(event_time=OuterRef("event_time"), pk__gt=OuterRef("pk"))
    )


def merged(states: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the state that holds the latest of each facet in ``states``."""
    found: dict[str, Any] = {}
    for state in states:
        for name, told in (state.get(FACETS) or {}).items():
            known = found.get(name)
            if known is None or (known["at"], known["by"]) < (told["at"], told["by"]):
                found[name] = told
    return {FACETS: found}
