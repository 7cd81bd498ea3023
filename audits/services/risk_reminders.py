"""Remind owners of risks whose review is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery

from audits.events import RiskReviewOverdue
from audits.models import RiskReminder, RiskRevision
from audits.queries.risks import overdue
from audits.services.risk_words import publish_risk

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.actors import Actor


def remind(*, actor: Actor, progress: Callable[[int], None] = lambda _: None) -> int:
    """Journal each risk whose review is overdue, once for each date of review; return how many
    that were."""
    told = RiskReminder.objects.filter(risk=OuterRef("risk"), review_on=OuterRef("review_on"))
    due = (
        RiskRevision.objects.filter(overdue(), risk__current=F("pk"))
        .annotate(told=Subquery(told.values("pk")[:1]))
        .filter(told__isnull=True)
        .select_related("risk__workspace", "owner")
        .order_by("pk")
    )
    count = 0
    for revision in list(due):
        with transaction.atomic():
            if _is_first(revision):
                publish_risk(RiskReviewOverdue, revision, actor=actor)
                count += 1
        progress(count)
    return count


def _is_first(revision: RiskRevision) -> bool:
    """Note the reminder; tell whether nobody else has noted it just now."""
    try:
        with transaction.atomic():
            RiskReminder.objects.create(risk=revision.risk, review_on=revision.review_on)
    except IntegrityError:
        return False
    return True
