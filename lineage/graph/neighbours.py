"""What a walk asks the database for the edges of a level, in both graphs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, Max, Min, Q
from django.db.models.functions import Coalesce

from lineage.graph import statements
from lineage.graph.chunks import chunks
from lineage.graph.walk import Step
from lineage.models import DatasetAlias, DatasetEdge, VersionLocation
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor

LOCATED_AT = "located_at"
SYMLINK = "symlink"
# What makes one edge of the graph of all that was told of two datasets.
EDGE = ("source", "target", "source_version", "target_version", "basis", "job")


@dataclass
class Neighbourhood:
    """The edges around nodes, as ``actor`` may know them, as of a moment or now.

    Upstream, a version leads to the place where its bytes lie, and from there to whatever wrote
    that place before the version was registered. Downstream, what wrote to a place leads to the
    versions that were registered from it afterwards.
    """

    actor: Actor
    as_of: datetime | None = None
    _moments: dict[int, datetime] = field(default_factory=dict)
    _has_outside: bool | None = None

    def up(self, level: AbstractSet[int], *, limit: int) -> list[Step]:
        """Return edges into the nodes of ``level``, at most ``limit``."""
        versions, datasets = _parted(level)
        steps = _version_edges(versions, end="target", limit=limit, as_of=self.as_of)
        if self._is_alone():
            return steps
        places = list(self._places(versions))
        for _, step, moment in places:
            self._later(step.source, moment)
        steps += [step for _, step, _ in places]
        for dataset, other, known_at in self._aliases(datasets):
            if dataset in self._moments:
                self._later(other, self._moments[dataset])
            steps.append(Step(other, dataset, SYMLINK, None, known_at))
        steps += self._outside(Q(target_version__in=versions), versions)
        into = Q(target__in=datasets, target_version__isnull=True)
        for step, moment in self._dated(into, datasets):
            if step.target not in self._moments or moment <= self._moments[step.target]:
                steps.append(step)
        return steps[:limit]

    def down(self, level: AbstractSet[int], *, limit: int) -> list[Step]:
        """Return edges out of the nodes of ``level``, at most ``limit``."""
        versions, datasets = _parted(level)
        steps = _version_edges(versions, end="source", limit=limit, as_of=self.as_of)
        if self._is_alone():
            return steps
        out_of = Q(source__in=datasets, source_version__isnull=True)
        for condition, ids in ((Q(source_version__in=versions), versions), (out_of, datasets)):
            for step, moment in self._dated(condition, ids):
                self._earlier(step.target, moment)
                steps.append(step)
        for dataset, other, known_at in self._aliases(datasets):
            if dataset in self._moments:
                self._earlier(other, self._moments[dataset])
            steps.append(Step(dataset, other, SYMLINK, None, known_at))
        steps += [
            step
            for dataset, step, moment in self._places(datasets, end="dataset")
            if dataset not in self._moments or moment >= self._moments[dataset]
        ]
        return steps[:limit]

    def _is_alone(self) -> bool:
        """Tell whether this installation knows nothing of the world outside: most ask in vain."""
        if self._has_outside is None:
            self._has_outside = VersionLocation.objects.exists() or DatasetEdge.objects.exists()
        return not self._has_outside

    def _later(self, key: int, moment: datetime) -> None:
        self._moments[key] = max(moment, self._moments.get(key, moment))

    def _earlier(self, key: int, moment: datetime) -> None:
        self._moments[key] = min(moment, self._moments.get(key, moment))

    def _places(
        self, ids: AbstractSet[int], *, end: str = "version"
    ) -> Iterator[tuple[int, Step, datetime]]:
        """Yield the key of the dataset, its step to the version, and when that was registered."""
        rows = VersionLocation.objects.all()
        if self.as_of is not None:
            rows = rows.filter(created_at__lte=self.as_of)
        for chunk in chunks(ids):
            found = rows.filter(**{f"{end}__in": chunk}).order_by("dataset", "version")
            for dataset, version, moment in found.values_list("dataset", "version", "created_at"):
                yield -dataset, Step(-dataset, version, LOCATED_AT, None, moment), moment

    def _aliases(self, ids: AbstractSet[int]) -> Iterator[tuple[int, int, datetime]]:
        """Yield the keys of datasets and of the same datasets under other names, and since when
        that is known."""
        rows = DatasetAlias.objects.filter(access.in_reach(self.actor))
        if self.as_of is not None:
            rows = rows.filter(recorded_at__lte=self.as_of)
        for chunk in chunks(ids):
            either = rows.filter(Q(dataset__in=chunk) | Q(other__in=chunk))
            named = either.order_by("dataset", "other").values_list("dataset", "other")
            for one, other, moment in named.annotate(Min("recorded_at")):
                if one in ids:
                    yield -one, -other, moment
                if other in ids:
                    yield -other, -one, moment

    def _outside(self, condition: Q, ids: AbstractSet[int]) -> list[Step]:
        return [step for step, _ in self._dated(condition, ids)]

    def _dated(self, condition: Q, ids: AbstractSet[int]) -> list[tuple[Step, datetime]]:
        """Return edges between datasets, each pair once per job, and when a run first told so."""
        if not ids:
            return []
        rows = self._known().filter(condition)
        told_at = Coalesce(
            "run__event_time", "job__event_time", "recorded_at", output_field=DateTimeField()
        )
        grouped = (
            rows.values_list(*EDGE)
            .annotate(latest=Max("run"), first=Min("recorded_at"), told=Min(told_at))
            .order_by(*EDGE)
        )
        return [
            (
                Step(
                    source or -outer,
                    target or -inner,
                    basis,
                    None,
                    first,
                    job,
                    latest,
                ),
                told,
            )
            for outer, inner, source, target, basis, job, latest, first, told in grouped
        ]

    def _known(self) -> QuerySet[DatasetEdge]:
        rows = DatasetEdge.objects.filter(access.in_reach(self.actor))
        if self.as_of is None:
            return rows.filter(closed_at__isnull=True)
        still = Q(closed_at__isnull=True) | Q(closed_at__gt=self.as_of)
        return rows.filter(still, recorded_at__lte=self.as_of)


def _parted(level: AbstractSet[int]) -> tuple[set[int], set[int]]:
    """Return the ids of versions and of datasets among the keys of ``level``."""
    return {key for key in level if key > 0}, {-key for key in level if key < 0}


def _version_edges(
    ids: AbstractSet[int], *, end: str, limit: int, as_of: datetime | None
) -> list[Step]:
    if not ids:
        return []
    rows = statements.edges(ids, end=end, limit=limit, as_of=as_of)
    return list(itertools.starmap(Step, rows))
