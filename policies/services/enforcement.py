"""Switch the enforcement of an assignment on and off, and roll it out in stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict
from core.facts import end
from policies.events import AssignmentEnforcementSet
from policies.models import AssignmentEnforcement
from policies.models.enforcement import EVERYWHERE
from policies.services.assignments import assignment_to_change, publish_assignment
from policies.services.terms import check_percent

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from policies.models import Assignment


def set_enforcement(
    *,
    actor: Actor,
    assignment: UUID,
    is_enforced: bool,
    percent: int = EVERYWHERE,
    reason: str = "",
) -> Assignment:
    """Enforce an assignment from now on in ``percent`` of its workspaces, or nowhere.

    Elsewhere it is a dry run: judged and recorded. A higher percentage only adds workspaces. Needs
    what assigning it needs. Raises InvalidInput, or Conflict for an assignment that has ended, one
    that stands like that already, and where somebody else has just set it.
    """
    found = assignment_to_change(actor, assignment)
    check_percent(percent)
    with transaction.atomic():
        if found.valid_to is not None:
            raise Conflict("The assignment has ended.")
        before = found.enforcement
        assert before is not None  # made with the assignment
        if (before.is_enforced, before.percent) == (is_enforced, percent):
            raise Conflict("The assignment is enforced like that already.")
        # A clock that was set back must leave no gap between the two.
        now = max(timezone.now(), before.valid_from)
        if not end(found.enforcements.filter(pk=before.pk), at=now):
            raise Conflict("Somebody else has just set it; look again.")
        AssignmentEnforcement.objects.create(
            assignment=found,
            is_enforced=is_enforced,
            percent=percent,
            set_by=actor.user,
            reason=reason,
            valid_from=now,
        )
        publish_assignment(AssignmentEnforcementSet, found, actor=actor, reason=reason)
    return found
