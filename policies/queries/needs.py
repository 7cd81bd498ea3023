"""Whether exemptions are still needed: what the policies behind them said last."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import TYPE_CHECKING

from django.db.models import Max

from policies.engines.base import State
from policies.models import Decision
from policies.queries.exemptions import covers_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.models import Exemption

STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})


class Need(StrEnum):
    """``needed`` while one of the newest answers does not pass, ``no_longer_needed`` when all do,
    ``untested`` while there is none."""

    NEEDED = auto()
    NO_LONGER_NEEDED = auto()
    UNTESTED = auto()


NEEDS = [(need.value, need.value) for need in Need]


def needs_of(exemptions: Sequence[Exemption]) -> dict[int, Need]:
    """Return by its id whether each exemption is needed; two queries for all."""
    newest = (
        Decision.objects.filter(
            assignment__in={row.assignment_id for row in exemptions},
            evaluation__workspace__in={row.workspace_id for row in exemptions},
        )
        .order_by()
        .values(
            "assignment",
            "reference_id",
            "evaluation__workspace",
            "evaluation__subject",
            "evaluation__snapshot__resource",
        )
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    decisions = (
        Decision.objects.filter(pk__in=newest)
        .select_related("evaluation__snapshot", "evaluation__version__asset")
        .only(
            "assignment_id",
            "reference_id",
            "state",
            "evaluation__workspace_id",
            "evaluation__snapshot__resource_id",
            "evaluation__version__asset__kind",
            "evaluation__version__asset__name",
        )
    )
    rows = list(decisions) if exemptions else []
    return {row.pk: _need([each for each in rows if _is_behind(each, row)]) for row in exemptions}


def _need(decisions: Sequence[Decision]) -> Need:
    if not decisions:
        return Need.UNTESTED
    passes = all(decision.state in STANDING for decision in decisions)
    return Need.NO_LONGER_NEEDED if passes else Need.NEEDED


def _is_behind(decision: Decision, exemption: Exemption) -> bool:
    if (decision.assignment_id, decision.workspace_id) != (
        exemption.assignment_id,
        exemption.workspace_id,
    ) or not covers_member(exemption, decision.reference_id):
        return False
    if exemption.resource_id is not None:
        snapshot = decision.snapshot
        return snapshot is not None and snapshot.resource_id == exemption.resource_id
    if exemption.asset:
        asset = decision.version.asset if decision.version else None
        return asset is not None and f"{asset.kind}/{asset.name}" == exemption.asset
    return True
