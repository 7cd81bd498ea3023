"""The namespaces of datasets and jobs, and the tags on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, Max, Min, Q

from core.errors import NotFound
from lineage.mapping.naming import dataset_namespace
from lineage.models import WorkspaceNamespace
from lineage.queries import observed
from lineage.received.facets import FACETS, current
from lineage.received.names import namespace_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor


@dataclass(frozen=True)
class Namespace:
    """A namespace that visible datasets or jobs are named in, since when, and when any of them
    changed last."""

    name: str
    created_at: datetime
    updated_at: datetime


def namespaces(actor: Actor, *, names: Iterable[str] | None = None) -> list[Namespace]:
    """Return the namespaces of datasets and jobs that visible workspaces were told of, by name, or
    those of ``names``."""
    return _listed(told(actor), names)


def sources(actor: Actor, *, names: Iterable[str] | None = None) -> list[Namespace]:
    """Return the namespaces of datasets alone, which say where they lie."""
    return _listed(told(actor).filter(of=WorkspaceNamespace.Of.DATASETS), names)


def told(actor: Actor) -> QuerySet[WorkspaceNamespace]:
    """Return the namespaces of each workspace that ``actor`` may see: that of our own assets
    where there is one of them that they may see."""
    ours = namespace_key(dataset_namespace(settings.INSTANCE))
    seen = observed.observations(actor).filter(dataset__namespace_key=ours)
    is_ours = Q(key=ours, of=WorkspaceNamespace.Of.DATASETS)
    return WorkspaceNamespace.objects.filter(observed.within(actor), ~is_ours | Exists(seen))


def _listed(rows: QuerySet[WorkspaceNamespace], names: Iterable[str] | None) -> list[Namespace]:
    if names is not None:
        rows = rows.filter(key__in=[namespace_key(name) for name in names])
    dated = rows.values_list("name").annotate(Min("recorded_at"), Max("updated_at"))
    return [Namespace(*row) for row in dated.order_by("name")]


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
