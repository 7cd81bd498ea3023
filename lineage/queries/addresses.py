"""Which of several readings of a name is something that exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lineage.queries import namespaces, observed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from core.actors import Actor


@dataclass(frozen=True)
class Existing:
    """Keys of datasets (with their ids) and of jobs, and namespaces, that are there for an
    actor."""

    datasets: Mapping[str, int]
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
    seen_datasets: Iterable[tuple[str, int]] = ()
    seen_jobs: Iterable[str] = ()
    if datasets:
        rows = observed.datasets(actor).filter(key__in=datasets)
        seen_datasets = rows.values_list("key", "pk")
    if jobs:
        seen_jobs = observed.jobs(actor).filter(key__in=jobs).values_list("key", flat=True)
    seen_names = namespaces.namespaces(actor, names=names) if names else ()
    return Existing(
        dict(seen_datasets),
        frozenset(seen_jobs),
        frozenset(row.name for row in seen_names),
    )
