"""What stands under protected aliases, as of a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Q

from registry.models import AliasMove
from registry.queries.aliases import spellings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from audits.models import ScanWorkspace


def standing(units: Iterable[ScanWorkspace], *, at: datetime) -> list[AliasMove]:
    """Return the last move of each protected alias that pointed at a version at ``at``, in order
    of workspace, kind, name and alias; the units' workspaces say where, and what is protected.
    """
    units = list(units)
    moved: dict[int, list[str]] = {unit.workspace_id: [] for unit in units}
    names = AliasMove.objects.filter(asset__workspace__in=moved).order_by()
    for workspace, name in names.values_list("asset__workspace", "name").distinct():
        moved[workspace].append(name)
    protected = Q(pk__in=[])
    for unit in units:
        as_spelt = spellings(unit.protected_aliases, among=moved[unit.workspace_id])
        protected |= Q(asset__workspace=unit.workspace_id, name__in=as_spelt)
    newest = (
        AliasMove.objects.filter(protected, moved_at__lte=at)
        .values("asset", "name")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return list(
        AliasMove.objects.filter(pk__in=newest, to_version__isnull=False)
        .select_related(
            "asset__workspace",
            "moved_by",
            "to_version__asset__workspace",
            "to_version__provenance",
            "to_version__promotion__requested_by",
            "to_version__promotion__source_version__asset__workspace",
        )
        .order_by("asset__workspace__slug", "asset__kind", "asset__name", "name")
    )
