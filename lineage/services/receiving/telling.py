"""Let jobs, runs and datasets know events: the same for what others sent and for our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from lineage.services.receiving import aliases, edges, namespaces, touched, versions
from lineage.services.receiving.identities import ensure
from lineage.services.receiving.jobs import Jobs
from lineage.services.receiving.names import Names
from lineage.services.receiving.observations import Observations
from lineage.services.receiving.ours import find_ours
from lineage.services.receiving.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from lineage.models import Dataset, Job
    from lineage.received.event import Event
    from registry.models import Workspace


@dataclass(frozen=True, slots=True)
class Told:
    """The rows that events named, by their keys, and when these were written."""

    jobs: Mapping[str, Job]
    datasets: Mapping[str, Dataset]
    at: datetime


def tell(
    actor: Actor, workspace: Workspace, events: Sequence[Event], *, is_own: bool = False
) -> Told:
    """Fold events into the rows of ``workspace``, and let the graph follow.

    Doing it twice, or in another order, ends in the same state. The caller holds the lock under
    which events are received into the workspace. Of our own events (``is_own``) the version graph
    has the edges, and what they say of an asset stands in the asset's workspace only.
    """
    now = timezone.now()
    jobs, runs = Jobs(workspace, now), Runs(workspace, now)
    observations = Observations(workspace, now)
    for rows in (jobs, runs, observations):
        rows.fold(events)
    stated = [] if is_own else edges.stated(events, jobs, runs, observations)
    names = Names.of(events, stated)
    ours = find_ours(actor, names)
    datasets = ensure(names, ours)
    jobs.write()
    runs.write(jobs.rows)
    observations.write(names, datasets, ours, is_own=is_own)
    namespaces.write(workspace, jobs, observations, names, now=now)
    versions.write(workspace, runs, observations, events, now=now)
    aliases.write(workspace, events, datasets, now=now)
    edges.write(workspace, stated, datasets, ours, actor=actor, now=now)
    touched.write(workspace, jobs, runs, datasets)
    return Told(jobs=jobs.rows, datasets=datasets, at=now)
