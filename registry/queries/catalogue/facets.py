"""How many entries answer a question for each value of a fact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.merging import FEW
from registry.models import CatalogueLabel
from registry.queries.catalogue.asked import COLUMNS, LABELS, PATHS
from registry.queries.catalogue.search import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.actors import Actor
    from registry.queries.catalogue.asked import Asked

MAX_VALUES = 50
FACTS = {name: PATHS.get(name, name) for name in COLUMNS}


@dataclass(frozen=True)
class Facets:
    """The values of each fact with their counts; ``is_complete`` tells that nothing was left out.

    Otherwise the counts are those of the 1,000 entries that were changed last.
    """

    values: Mapping[str, Sequence[Mapping[str, Any]]]
    is_complete: bool


@dataclass(frozen=True)
class _Sample:
    """What the freshest entries that fit say; ``is_complete`` tells that there are no others."""

    columns: Sequence[Mapping[str, Any]]
    labels: Sequence[tuple[str, str]]
    is_complete: bool


def facets(actor: Actor, asked: Asked) -> Facets:
    """Return the values of each fact with their counts, the most frequent first.

    The filter by a fact does not count for the fact itself, so that its other values show. At
    most 50 values of each are told; entries without the fact are not counted. It takes two
    queries, and two more for each fact that is filtered by.
    """
    shared = _sample(actor, asked)
    found: dict[str, list[dict[str, Any]]] = {}
    samples = [shared]
    for name in (*COLUMNS, *LABELS):
        sample = shared
        if name in asked.columns or name in asked.labels:
            samples.append(sample := _sample(actor, asked, leaving=name))
        if name in COLUMNS:
            found[name] = _counted(row[FACTS[name]] for row in sample.columns)
        else:
            found[name] = _counted(value for field, value in sample.labels if field == name)
    return Facets(found, all(sample.is_complete for sample in samples))


def _sample(actor: Actor, asked: Asked, *, leaving: str = "") -> _Sample:
    fitting = search(actor, asked, leaving=leaving).order_by("-updated_at", "-asset")
    rows = list(fitting[: FEW + 1].values("pk", *FACTS.values()))
    keys = [row["pk"] for row in rows[:FEW]]
    labels = CatalogueLabel.objects.filter(entry__in=keys, field__in=LABELS)
    said = list(labels.values_list("field", "value")) if keys else []
    return _Sample(rows[:FEW], said, len(rows) <= FEW)


def _counted(values: Iterable[str]) -> list[dict[str, Any]]:
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{"value": value, "count": count} for value, count in ordered[:MAX_VALUES]]
