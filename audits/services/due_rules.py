"""Say within how many days findings are to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import DueRuleEnded, DueRuleSet
from audits.models import DueRule
from audits.models.due_rule import MAX_DAYS
from audits.queries.due import SEVERITIES, days_of
from core import locks
from core.errors import Conflict, InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Workspace

ORGANISATION = "organisation"


def set_rule(
    *, actor: Actor, days: Mapping[str, int | None], workspace: str = "", reason: str = ""
) -> DueRule:
    """Set the rule of a workspace (by slug), or of the organisation, in the place of the one there.

    ``days`` has a number from 1 to 3,650 for each severity, None for never. It counts at once for
    all open findings but those whose date somebody set. A workspace's needs assign_policy there,
    the organisation's an administrator. Raises InvalidInput or AccessDenied; Conflict for what is
    set already.
    """
    place = access.workspace_by_slug(actor, workspace, field="workspace") if workspace else None
    _require(actor, place)
    for severity in SEVERITIES:
        number = days.get(severity)
        if severity not in days or (number is not None and not 1 <= number <= MAX_DAYS):
            reason_why = f"must be a number from 1 to {MAX_DAYS}, or null for never"
            raise InvalidInput.of(severity, reason_why)
    with transaction.atomic():
        locks.hold(f"audits.due_rule:{place.pk if place else ''}")
        held = DueRule.objects.filter(workspace=place, valid_to__isnull=True)
        before = held.first()
        if before is not None and days_of(before) == dict(days):
            raise Conflict("The rule says so already.")
        now = timezone.now()
        end(held, at=now)
        rule = DueRule.objects.create(
            workspace=place, reason=reason, set_by=actor.user, valid_from=now, **days
        )
        publish(
            DueRuleSet(
                subject=_subject(place),
                workspace=place.uuid if place else None,
                reason=reason,
                rule=str(rule.uuid),
                scope=place.slug if place else ORGANISATION,
                days=days_of(rule),
                before={"days": days_of(before)} if before else {},
                after={"days": days_of(rule)},
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
    return rule


def end_rule(*, actor: Actor, rule: UUID, reason: str = "") -> DueRule:
    """End a rule: the organisation's counts again, or the product's own. Needs what setting it
    needs; one that has ended is a Conflict."""
    found = DueRule.objects.select_related("workspace").filter(uuid=rule).first()
    if found is None:
        raise NotFound
    place = found.workspace
    _require(actor, place)
    with transaction.atomic():
        locks.hold(f"audits.due_rule:{place.pk if place else ''}")
        if not end(DueRule.objects.filter(pk=found.pk), at=timezone.now()):
            raise Conflict("The rule has ended already.")
        publish(
            DueRuleEnded(
                subject=_subject(place),
                workspace=place.uuid if place else None,
                reason=reason,
                rule=str(found.uuid),
                scope=place.slug if place else ORGANISATION,
                before={"days": days_of(found)},
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
    found.refresh_from_db()
    return found


def _require(actor: Actor, place: Workspace | None) -> None:
    if place is None:
        access.require_organisation_admin(actor, subject="due-rules")
    else:
        access.require(actor, Permission.ASSIGN_POLICY, place, subject=place.slug)


def _subject(place: Workspace | None) -> str:
    return place.slug if place else "due-rules"
