"""Find what a comment or an assignment is about, as far as the caller may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from core.errors import Denial, InvalidInput
from registry import access
from registry.models import Asset, AssetVersion, Deployment, Experiment, Promotion, Workspace
from registry.models.subject import SUBJECTS
from registry.permissions import Permission
from registry.queries.promotions import RELATED
from registry.queries.versions import asset_by_reference, asset_reference, reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models.subject import AboutSubject


Row: TypeAlias = Asset | AssetVersion | Promotion | Experiment | Deployment


@dataclass(frozen=True)
class Subject:
    """A row that can be talked about. ``field`` is the foreign key that points at it; ``asset``
    is what it belongs to, where there is one, and ``workspace`` where it is."""

    field: str
    row: Row
    reference: str
    asset: Asset | None
    workspace: Workspace

    def key(self) -> dict[str, Any]:
        """Return the columns of a row about this subject."""
        return {self.field: self.row, "workspace": self.workspace}

    def told(self) -> dict[str, str | None]:
        """Return how the journal names it."""
        return {
            "about": self.field,
            "about_id": str(self.row.uuid),
            "asset": str(self.asset.uuid) if self.asset else None,
        }


def subject_named(actor: Actor, named: Mapping[str, Any], *, permission: Permission) -> Subject:
    """Return the one subject that ``named`` names: an ``asset`` or ``version`` by reference, a
    ``promotion``, ``experiment`` or ``deployment`` by id, in a workspace that gives ``actor``
    the ``permission``.

    Raises InvalidInput for none, several, or one that is missing or foreign; AccessDenied where
    the right is lacking.
    """
    given = {field: value for field, value in named.items() if value}
    if len(given) != 1:
        raise InvalidInput.of("asset", f"give exactly one of {', '.join(SUBJECTS)}")
    field, value = next(iter(given.items()))
    match field:
        case "asset":
            found = subject_of(asset_by_reference(actor, value, field=field))
        case "version":
            found = subject_of(resolve(actor, value, field=field))
        case "promotion":
            rows: QuerySet[Any] = Promotion.objects.select_related(*RELATED)
            found = _by_uuid(actor, rows, value, field=field)
        case "experiment":
            rows = Experiment.objects.select_related("workspace")
            found = _by_uuid(actor, rows, value, field=field)
        case "deployment":
            rows = Deployment.objects.select_related("workspace")
            found = _by_uuid(actor, rows, value, field=field)
        case _:
            raise InvalidInput.of(field, "is nothing to talk about")
    access.require(actor, permission, found.workspace, subject=found.reference)
    return found


def _by_uuid(actor: Actor, rows: QuerySet[Any], uuid: UUID, *, field: str) -> Subject:
    reason = f"there is no {field} {str(uuid)!r}"
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise InvalidInput.of(field, reason)
    found = subject_of(row)
    if not access.allows(actor, Permission.VIEW, found.workspace.pk):
        denial = Denial(Permission.VIEW.value, found.reference, found.workspace.uuid)
        raise InvalidInput.of(field, reason, denial=denial)
    return found


def subject_of(row: Row) -> Subject:
    """Return a loaded row as a subject."""
    match row:
        case Asset():
            return Subject("asset", row, str(asset_reference(row)), row, row.workspace)
        case AssetVersion():
            return Subject("version", row, str(reference_of(row)), row.asset, row.asset.workspace)
        case Promotion():
            asset = row.source_version.asset
            return Subject("promotion", row, f"promotion/{row.uuid}", asset, row.target)
        case Experiment():
            return Subject("experiment", row, f"experiment/{row.uuid}", None, row.workspace)
        case Deployment():
            return Subject("deployment", row, row.reference, None, row.workspace)


SUBJECT_ROWS = (
    "workspace",
    "asset__workspace",
    "version__asset__workspace",
    "promotion__target",
    "promotion__source_version__asset__workspace",
    "experiment__workspace",
    "deployment__workspace",
)


def subject_behind(about: AboutSubject) -> Subject:
    """Return what a row with SUBJECT_ROWS loaded is about."""
    row: Row | None = about.asset or about.version or about.promotion
    row = row or about.experiment or about.deployment
    if row is None:
        raise LookupError(f"{about!r} is about nothing")
    return subject_of(row)
