"""The namespaces of datasets and jobs, and the tags on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Min

from core.errors import NotFound
from lineage.models import Job
from lineage.queries import observed
from lineage.received.facets import FACETS, current

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor


@dataclass(frozen=True)
class Namespace:
    """A namespace that visible datasets or jobs are named in, since when, and when any of them
    changed last."""

    name: str
    created_at: datetime
    updated_at: datetime


def namespaces(actor: Actor, *, names: Iterable[str] | None = None) -> list[Namespace]:
    """Return the namespaces of visible datasets and jobs by name, or those of ``names``."""
    found = {item.name: item for item in sources(actor, names=names)}
    jobs = Job.objects.filter(observed.within(actor), deleted_at=None)
    if names is not None:
        jobs = jobs.filter(namespace__in=list(names))
    for row in jobs.values_list("namespace").annotate(Min("recorded_at"), Max("updated_at")):
        name, created, updated = row
        known = found.get(name)
        if known is not None:
            created, updated = min(created, known.created_at), max(updated, known.updated_at)
        found[name] = Namespace(name, created, updated)
    return [found[name] for name in sorted(found)]


def sources(actor: Actor, *, names: Iterable[str] | None = None) -> list[Namespace]:
    """Return the namespaces of visible datasets, which say where they lie."""
    rows = observed.observations(actor)
    if names is not None:
        rows = rows.filter(dataset__namespace__in=list(names))
    columns = rows.values_list("dataset__namespace")
    dated = columns.annotate(Min("recorded_at"), Max("updated_at"))
    return [Namespace(*row) for row in dated.order_by("dataset__namespace")]


def source(actor: Actor, name: str) -> Namespace:
    """Return one; raises NotFound for a missing or foreign one."""
    found = sources(actor, names=[name])
    if not found:
        raise NotFound
    return found[0]


def tags(actor: Actor) -> dict[str, str]:
    """Return the tags that visible datasets and jobs carry, with the values they were given."""
    path = f"state__{FACETS}__tags__isnull"
    states: list[Any] = []
    for rows in (observed.observations(actor), observed.jobs(actor)):
        states += rows.filter(**{path: False}).values_list(f"state__{FACETS}__tags", flat=True)
    found: dict[str, set[str]] = {}
    for told in states:
        for key, value in tags_of(current({FACETS: {"tags": told}})):
            found.setdefault(key, set()).add(value)
    return {key: ", ".join(sorted(found[key] - {""})) for key in sorted(found)}


def tags_of(facets: dict[str, Any], *, field: str | None = None) -> list[tuple[str, str]]:
    """Return key and value of the tags in a dataset's or a job's facets: those of the whole, or
    of one field."""
    told = facets.get("tags")
    listed = told.get("tags") if isinstance(told, dict) else None
    found = []
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            value = item.get("value")
            if (item.get("field") or None) == field:
                found.append((item["key"], value if isinstance(value, str) else ""))
    return found
