"""What stands under protected aliases, as of a time, and what rules about promotions say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Max, Q

from core.actors import system
from core.errors import InvalidInput
from policies.documents import PROMOTION_SCHEMA, promotion_document
from policies.queries.questions import (
    Question,
    judges_promotion,
    judges_promotions,
    promotion_questions,
)
from registry.gates.base import Proposal
from registry.models import AliasMove
from registry.queries.aliases import spellings
from registry.queries.closure import closure_of
from registry.queries.versions import asset_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from policies.queries.assignments import Rule
    from registry.models import Promotion, Workspace

NOT_PROMOTED = "no promotion of its own brought the version into this workspace"


class Unit(Protocol):
    """A workspace with the aliases that count as protected there."""

    @property
    def workspace(self) -> Workspace:
        """Return the workspace."""
        ...

    @property
    def workspace_id(self) -> int:
        """Return the workspace's key."""
        ...

    @property
    def protected_aliases(self) -> Iterable[str]:
        """Return the names of the aliases."""
        ...


def standing_questions(unit: Unit, rules: Sequence[Rule], *, at: datetime) -> list[Question]:
    """Return what rules about promotions ask about what stands under protected aliases at ``at``:
    would the promotion that brought it pass?"""
    judging = [rule for rule in rules if judges_promotions(rule)]
    questions: list[Question] = []
    for move in standing([unit], at=at) if judging else ():
        questions += _of_move(unit.workspace, judging, move, at=at)
    return questions


def _of_move(
    place: Workspace, rules: Sequence[Rule], move: AliasMove, *, at: datetime
) -> list[Question]:
    version = move.to_version
    assert version is not None  # standing() leaves out moves to nothing
    asked = [rule for rule in rules if judges_promotion(rule, move.asset.kind)]
    if not asked:
        return []
    document, unanswerable = _standing_document(place, move, at=at)
    questions = promotion_questions(place, asked, version=version, document=document)
    subject = f"{asset_reference(move.asset)}@{move.name}"
    return [replace(each, subject=subject, unanswerable=unanswerable) for each in questions]


def _standing_document(
    place: Workspace, move: AliasMove, *, at: datetime
) -> tuple[dict[str, Any], str]:
    """The promotion that brought the version, put once more; or why there is none to judge."""
    promotion: Promotion | None = getattr(move.to_version, "promotion", None)
    if promotion is None:
        return {"schema": PROMOTION_SCHEMA}, NOT_PROMOTED
    try:
        proposal = Proposal(
            promotion=promotion.uuid,
            version=promotion.source_version,
            target=place,
            alias=promotion.alias,
            reason=promotion.reason,
            closure=closure_of(promotion.source_version, actor=system()),
            requested_by=system(),
            reviewed_at=at,
        )
        return promotion_document(proposal), ""
    except InvalidInput as error:
        return {"schema": PROMOTION_SCHEMA}, error.detail


def standing(units: Iterable[Unit], *, at: datetime) -> list[AliasMove]:
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
