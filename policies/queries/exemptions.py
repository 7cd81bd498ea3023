"""Which exemptions count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from policies.models import Exemption
from registry import access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from policies.queries.questions import Question
    from registry.models import Workspace


STATUSES = ("requested", "granted", "expiring", "expired", "ended")


def visible_exemptions(actor: Actor) -> QuerySet[Exemption]:
    """Return the exemptions in the actor's workspaces."""
    return Exemption.objects.filter(access.in_reach(actor)).select_related(
        "assignment__policy_version__policy",
        "assignment__set_version__policy_set",
        "assignment__workspace",
        "workspace",
        "resource",
        "owner",
        "requested_by",
        "approved_by",
        "ended_by",
    )


def standing_as(status: str) -> Q:
    """Return the condition that an exemption stands so now: as `Exemption.status` says, or
    ``expiring``, granted and within the days of the first warning."""
    now = timezone.now()
    if status == "ended":
        return Q(valid_to__isnull=False)
    if status == "expired":
        return Q(valid_to__isnull=True, expires_at__lte=now)
    standing = Q(valid_to__isnull=True, expires_at__gt=now)
    if status == "requested":
        return standing & Q(approved_at__isnull=True)
    granted = standing & Q(approved_at__isnull=False)
    return granted & Q(expires_at__lte=soon(now)) if status == "expiring" else granted


def soon(now: datetime) -> datetime:
    """Return until when what expires is about to expire: the first warning's number of days."""
    return now + timedelta(days=max(settings.EXPIRY_WARNING_DAYS, default=0))


@dataclass(frozen=True)
class Exemptions:
    """The exemptions in force in some workspaces."""

    rows: tuple[Exemption, ...]

    def covering(self, question: Question) -> Exemption | None:
        """Return the exemption that covers the question; of several the one that lasts longest."""
        if not self.rows:
            return None
        covering = [row for row in self.rows if _covers(row, question)]
        return max(covering, key=lambda row: (row.expires_at, row.pk), default=None)


def exemptions_in_force(
    workspaces: Sequence[Workspace], *, at: datetime | None = None
) -> Exemptions:
    """Return the exemptions that are granted, not ended and not expired, now or as of ``at``."""
    moment = at or timezone.now()
    rows = (
        Exemption.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=moment),
            workspace__in=[each.pk for each in workspaces],
            approved_at__lte=moment,
            expires_at__gt=moment,
        )
        .select_related("assignment", "requested_by", "approved_by", "owner")
        .order_by("id")
    )
    return Exemptions(tuple(rows))


def covers_member(exemption: Exemption, reference_id: str) -> bool:
    """Tell whether an exemption is of that member of its assignment's set, or of all."""
    return not exemption.reference_ids or reference_id in exemption.reference_ids


def _covers(exemption: Exemption, question: Question) -> bool:
    if (
        exemption.assignment_id != question.rule.assignment.pk
        or exemption.workspace_id != question.workspace.pk
        or not covers_member(exemption, question.rule.reference_id)
    ):
        return False
    if exemption.resource_id is not None:
        snapshot = question.snapshot
        return snapshot is not None and snapshot.resource_id == exemption.resource_id
    if exemption.asset:
        return exemption.asset == question.asset
    return True
