"""Single snapshots, and what is different between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import Denial, InvalidInput, NotFound
from policies.models import Snapshot
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

PLACE = "resource__workspace"
MAX_CHANGES = 1_000
NOTHING = object()


@dataclass(frozen=True)
class FieldChange:
    """A path of the configuration (indexes in brackets) that has another value now; ``kind`` is
    added, removed or changed. ``before`` and ``after`` are null where there is none."""

    path: str
    kind: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TellingChange:
    """A path of which was told otherwise before; empty where it was not told."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What is different between two snapshots of one resource. ``is_cut``: only the first changes
    are listed."""

    before: Snapshot
    after: Snapshot
    changes: list[FieldChange]
    fields: list[TellingChange]
    is_cut: bool


def visible_snapshots(actor: Actor) -> QuerySet[Snapshot]:
    """Return the snapshots that ``actor`` may see, with their resources and workspaces."""
    reach = access.in_reach(actor, path=PLACE)
    return Snapshot.objects.filter(reach).select_related(PLACE, "submitted_by")


def snapshot_by_uuid(actor: Actor, uuid: UUID) -> Snapshot:
    """Return that snapshot; raises NotFound for none, or none that the actor may see."""
    if found := visible_snapshots(actor).filter(uuid=uuid).first():
        return found
    if not Snapshot.objects.filter(uuid=uuid).exists():
        raise NotFound
    raise NotFound(denial=Denial(Permission.VIEW.value, f"snapshot/{uuid}", None))


def difference(actor: Actor, uuid: UUID, *, against: UUID | None = None) -> Difference:
    """Return what changed from the snapshot ``against`` (by default the one before) to that one.

    Raises NotFound as ``snapshot_by_uuid`` does, and InvalidInput where there is none before, or
    the two are of different resources.
    """
    after = snapshot_by_uuid(actor, uuid)
    before = snapshot_by_uuid(actor, against) if against else _before(after)
    if before is None:
        raise InvalidInput.of("against", "must name a snapshot: this one is the resource's first")
    if before.resource_id != after.resource_id:
        raise InvalidInput.of("against", "must be a snapshot of the same resource")
    changes = list(_changes(before.document, after.document, ""))
    return Difference(
        before,
        after,
        changes[:MAX_CHANGES],
        _told_otherwise(before.fields or {}, after.fields or {}),
        is_cut=len(changes) > MAX_CHANGES,
    )


def _before(snapshot: Snapshot) -> Snapshot | None:
    """The one that was told before it; in the order in which they were submitted."""
    earlier = Snapshot.objects.filter(resource=snapshot.resource_id, pk__lt=snapshot.pk)
    return earlier.select_related(PLACE, "submitted_by").order_by("-pk").first()


def _changes(before: Any, after: Any, path: str) -> Iterator[FieldChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            inner = f"{path}.{name}" if path else name
            yield from _changes(before.get(name, NOTHING), after.get(name, NOTHING), inner)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old, new = (each[index] if index < len(each) else NOTHING for each in (before, after))
            yield from _changes(old, new, f"{path}[{index}]")
    elif before is NOTHING:
        yield FieldChange(path, "added", None, after)
    elif after is NOTHING:
        yield FieldChange(path, "removed", before, None)
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):
        yield FieldChange(path, "changed", before, after)


def _told_otherwise(before: dict[str, str], after: dict[str, str]) -> list[TellingChange]:
    return [
        TellingChange(path, before.get(path, ""), after.get(path, ""))
        for path in sorted(before.keys() | after.keys())
        if before.get(path, "") != after.get(path, "")
    ][:MAX_CHANGES]
