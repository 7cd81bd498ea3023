"""What the walk asks the database: edges of a level, and the versions that it met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.references import Reference
from lineage.graph.walk import Step
from lineage.models import Edge
from registry.models import Alias, AssetVersion, FrozenProvenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

CHUNK = 900  # below the number of variables that any SQLite takes


@dataclass(frozen=True)
class Row:
    """A version with its place."""

    pk: int
    uuid: str
    number: int
    digest: str
    kind: str
    name: str
    workspace_id: int
    workspace: str
    stage: str
    is_promoted: bool

    @property
    def ref(self) -> str:
        """Return workspace/kind/name/number."""
        return str(Reference(self.workspace, self.kind, self.name, self.number))


def edges_up(level: AbstractSet[int], *, limit: int) -> list[Step]:
    """Return edges into the versions of ``level``, at most ``limit``."""
    return _edges(level, end="target_id", limit=limit)


def edges_down(level: AbstractSet[int], *, limit: int) -> list[Step]:
    """Return edges out of the versions of ``level``, at most ``limit``."""
    return _edges(level, end="source_id", limit=limit)


def _edges(level: AbstractSet[int], *, end: str, limit: int) -> list[Step]:
    other = "source_id" if end == "target_id" else "target_id"
    steps: list[Step] = []
    for chunk in _chunks(level):
        if len(steps) >= limit:
            break
        rows = Edge.objects.filter(**{f"{end}__in": chunk}).order_by(end, other, "relation")
        columns = rows.values_list("source_id", "target_id", "relation", "run")
        steps += [Step(*row) for row in columns[: limit - len(steps)]]
    return steps


def versions(ids: AbstractSet[int]) -> dict[int, Row]:
    """Return the versions with those ids."""
    columns = (
        "pk",
        "uuid",
        "number",
        "digest",
        "asset__kind",
        "asset__name",
        "asset__workspace_id",
        "asset__workspace__slug",
        "asset__workspace__stage",
        "promoted_from_id",
    )
    found: dict[int, Row] = {}
    for chunk in _chunks(ids):
        for (
            pk,
            uuid,
            number,
            digest,
            kind,
            name,
            place,
            slug,
            stage,
            origin,
        ) in AssetVersion.objects.filter(pk__in=chunk).values_list(*columns):
            is_promoted = origin is not None
            found[pk] = Row(
                pk, str(uuid), number, digest, kind, name, place, slug, stage, is_promoted
            )
    return found


def aliases(ids: AbstractSet[int]) -> dict[int, list[str]]:
    """Return the aliases that point at each of the versions now, sorted."""
    found: dict[int, list[str]] = {}
    for chunk in _chunks(ids):
        rows = Alias.objects.filter(version__in=chunk).order_by("name")
        for version, name in rows.values_list("version_id", "name"):
            found.setdefault(version, []).append(name)
    return found


def provenances(ids: AbstractSet[int]) -> Iterator[dict[str, Any]]:
    """Yield the frozen provenance of those of the versions that have one."""
    for chunk in _chunks(ids):
        rows = FrozenProvenance.objects.filter(version__in=chunk)
        yield from rows.values_list("body", flat=True)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
