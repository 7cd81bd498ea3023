"""Names that assets bear or bore: none of them is ever another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.statements import Parameter, Statement
from registry.models import Asset, AssetFormerName

if TYPE_CHECKING:
    from django.db.models import QuerySet

# MLflow clients address models and prompts in one name space.
SHARING = ("model", "prompt")

BORNE_BY = Statement(
    lambda: AssetFormerName.objects.filter(
        workspace=Parameter("workspace"), name=Parameter("name")
    ).values_list("kind", flat=True)
)


def kinds_sharing(kind: str) -> tuple[str, ...]:
    """Return the kinds that share one name space with ``kind``."""
    return SHARING if kind in SHARING else (kind,)


def former_bearers(workspace_id: int, kind: str, name: str) -> QuerySet[AssetFormerName]:
    """Return the former names that keep ``name`` from a new asset of ``kind``."""
    return AssetFormerName.objects.filter(
        workspace=workspace_id, kind__in=kinds_sharing(kind), name=name
    )


def name_was_borne(workspace_id: int, kind: str, name: str) -> bool:
    """Tell whether a former name keeps ``name`` from a new asset of ``kind``."""
    borne = BORNE_BY.all(workspace=workspace_id, name=name)
    return any(other in kinds_sharing(kind) for other in borne)


def name_is_taken(workspace_id: int, kind: str, name: str, *, by_other_than: Asset) -> bool:
    """Tell whether another asset bears ``name`` or bore it."""
    former = former_bearers(workspace_id, kind, name).exclude(asset=by_other_than)
    bearing = Asset.objects.filter(
        workspace=workspace_id, kind__in=kinds_sharing(kind), name=name
    ).exclude(pk=by_other_than.pk)
    return former.exists() or bearing.exists()
