"""Set how many approvals a promotion into a workspace needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import InvalidInput
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import PromotionRuleSet
from registry.models import PromotionRule, Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from core.actors import Actor

MAX_APPROVALS = 20


def set_required_approvals(
    *, actor: Actor, workspace: str, required_approvals: int, reason: str = ""
) -> PromotionRule:
    """Set the rule from now on; earlier rules stay on record. Needs change_workspace."""
    place = access.workspace_by_slug(actor, workspace, permission=Permission.CHANGE_WORKSPACE)
    if not 0 <= required_approvals <= MAX_APPROVALS:
        raise InvalidInput.of("required_approvals", f"must be 0 to {MAX_APPROVALS}")
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        now = timezone.now()
        rules = PromotionRule.objects.filter(workspace=place)
        before = rules.filter(valid_to=None).values_list("required_approvals", flat=True).first()
        end(rules, at=now)
        rule = PromotionRule.objects.create(
            workspace=place,
            required_approvals=required_approvals,
            set_by=actor.user,
            valid_from=now,
        )
        publish(
            PromotionRuleSet(
                subject=place.slug,
                workspace=place.uuid,
                reason=reason,
                before={"required_approvals": before or 0},
                after={"required_approvals": required_approvals},
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return rule
