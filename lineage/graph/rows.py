"""What the walk asks the database of the nodes that it met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lineage.graph import statements
from lineage.graph.chunks import chunks
from lineage.graph.shapes import JobName
from lineage.models import Dataset, Job, Run
from registry.models import AssetVersion, FrozenProvenance
from registry.queries.aliases import latest_moves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime
    from uuid import UUID


class Place(NamedTuple):
    """The little of a version that says who may see it."""

    workspace_id: int
    is_promoted: bool


class Row(NamedTuple):
    """A version with its place."""

    pk: int
    uuid: str
    number: int
    digest: str
    kind: str
    name: str
    workspace: str
    stage: str

    @property
    def ref(self) -> str:
        """Return workspace/kind/name/number."""
        return f"{self.workspace}/{self.kind}/{self.name}/{self.number}"


def places(ids: AbstractSet[int]) -> dict[int, Place]:
    """Return where each of those versions is."""
    if not ids:
        return {}
    return {
        pk: Place(workspace, is_promoted) for pk, workspace, is_promoted in statements.places(ids)
    }


def uuids(ids: AbstractSet[int]) -> dict[int, str]:
    """Return the public ids of the versions with those ids."""
    found: dict[int, str] = {}
    for chunk in chunks(ids):
        rows = AssetVersion.objects.filter(pk__in=chunk).values_list("pk", "uuid")
        found |= {pk: str(uuid) for pk, uuid in rows}
    return found


def versions(ids: AbstractSet[int]) -> dict[int, Row]:
    """Return the versions with those ids."""
    if not ids:
        return {}
    return {
        row[0]: Row(row[0], str(statements.uuid(row[1])), *row[2:])
        for row in statements.versions(ids)
    }


def datasets(ids: AbstractSet[int]) -> dict[int, tuple[UUID, str, str]]:
    """Return public id, namespace and name of the datasets with those ids."""
    found: dict[int, tuple[UUID, str, str]] = {}
    for chunk in chunks(ids):
        rows = Dataset.objects.filter(pk__in=chunk)
        for pk, uuid, namespace, name in rows.values_list("pk", "uuid", "namespace", "name"):
            found[pk] = (uuid, namespace, name)
    return found


def job_names(ids: AbstractSet[int]) -> dict[int, JobName]:
    """Return the names of the jobs with those ids."""
    found: dict[int, JobName] = {}
    for chunk in chunks(ids):
        rows = Job.objects.filter(pk__in=chunk).values_list("pk", "namespace", "name")
        found |= {pk: JobName(namespace, name) for pk, namespace, name in rows}
    return found


def run_ids(ids: AbstractSet[int]) -> dict[int, UUID]:
    """Return the OpenLineage ids of the runs with those ids."""
    found: dict[int, UUID] = {}
    for chunk in chunks(ids):
        found |= dict(Run.objects.filter(pk__in=chunk).values_list("pk", "run_id"))
    return found


def aliases(ids: AbstractSet[int], *, as_of: datetime | None = None) -> dict[int, list[str]]:
    """Return the aliases that point at each of the versions, now or as of a moment, sorted."""
    found: dict[int, list[str]] = {}
    pointing = statements.aliases(ids) if as_of is None else _pointed(ids, as_of)
    for version, name in pointing:
        found.setdefault(version, []).append(name)
    return {version: sorted(names) for version, names in found.items()}


def _pointed(versions: AbstractSet[int], as_of: datetime) -> Iterator[tuple[int, str]]:
    """Yield the versions among those that an alias named at a moment, with its name."""
    for chunk in chunks(versions):
        for move in latest_moves(as_of).filter(to_version__in=chunk):
            yield move.to_version_id or 0, move.name


def provenances(ids: AbstractSet[int]) -> Iterator[dict[str, Any]]:
    """Yield the frozen provenance of those of the versions that have one."""
    for chunk in chunks(ids):
        rows = FrozenProvenance.objects.filter(version__in=chunk)
        yield from rows.values_list("body", flat=True)
