"""Find datasets and jobs by a part of their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from lineage.queries import observed
from lineage.received.names import namespace_key

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

DATASET, JOB = "DATASET", "JOB"


@dataclass(frozen=True)
class Found:
    """A dataset or a job that was found."""

    type: str
    namespace: str
    name: str
    updated_at: datetime


def search(
    actor: Actor,
    text: str,
    *,
    types: tuple[str, ...] = (DATASET, JOB),
    by_time: bool = False,
    namespace: str | None = None,
    limit: int,
) -> tuple[list[Found], int]:
    """Return visible datasets and jobs whose names contain ``text`` in any case, by name or the
    last changed first, and how many there are in all."""
    wanted = Q(name__icontains=text)
    if namespace is not None:
        wanted &= Q(namespace_key=namespace_key(namespace))
    found: list[Found] = []
    total = 0
    if DATASET in types:
        datasets = observed.datasets(actor).filter(wanted)
        dated = datasets.annotate(changed=Max("observations__updated_at"))
        rows = dated.order_by(*(("-changed", "pk") if by_time else ("name", "pk")))
        found += [
            Found(DATASET, *row) for row in rows.values_list("namespace", "name", "changed")[:limit]
        ]
        total += datasets.count()
    if JOB in types:
        jobs = observed.jobs(actor).filter(wanted)
        ordered = jobs.order_by(*(("-updated_at", "pk") if by_time else ("name", "pk")))
        found += [
            Found(JOB, *row)
            for row in ordered.values_list("namespace", "name", "updated_at")[:limit]
        ]
        total += jobs.count()
    if by_time:
        found.sort(key=lambda item: item.updated_at, reverse=True)
    else:
        found.sort(key=lambda item: (item.name, item.namespace))
    return found[:limit], total
