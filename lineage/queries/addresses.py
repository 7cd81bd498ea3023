"""Which of several readings of a name is something that exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lineage.queries import namespaces, observed

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.actors import Actor


@dataclass(frozen=True)
class Existing:
    """Keys of datasets and of jobs, and namespaces, that are there for an actor."""

    datasets: frozenset[str]
    jobs: frozenset[str]
    namespaces: frozenset[str]


def existing(
    actor: Actor,
    *,
    datasets: Collection[str] = (),
    jobs: Collection[str] = (),
    names: Collection[str] = (),
) -> Existing:
    """Return which of some keys and namespaces ``actor`` may see, at one query per kind asked."""
    seen_datasets = observed.datasets(actor).filter(key__in=datasets) if datasets else ()
    seen_jobs = observed.jobs(actor).filter(key__in=jobs) if jobs else ()
    seen_names = namespaces.namespaces(actor, names=names) if names else ()
    return Existing(
        frozenset(row.key for row in seen_datasets),
        frozenset(row.key for row in seen_jobs),
        frozenset(row.name for row in seen_names),
    )
