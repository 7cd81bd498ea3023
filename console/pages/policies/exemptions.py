"""What is waived, by how it stands: what waits, what counts, what ends soon, what is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from console.pages.shell import page
from console.pages.trails import readable
from policies.queries.attested import visible_attestations
from policies.queries.exemptions import STATUSES, soon, standing_as, visible_exemptions
from policies.queries.needs import needs_of
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.models import Exemption

SHOWN = 50


def may_grant(actor: Actor, exemption: Exemption) -> bool:
    """Tell whether the user may grant what somebody else asked for: what reaches further than a
    workspace is the organisation's to waive."""
    if exemption.requested_by_id == (actor.user.pk if actor.user else None):
        return False
    if exemption.assignment.workspace_id is None:
        return access.administers_organisation(actor)
    return access.allows(actor, Permission.ASSIGN_POLICY, exemption.workspace_id)


def may_end(actor: Actor, exemption: Exemption) -> bool:
    """Tell whether the user may end it, or take the own request back."""
    if exemption.requested_by_id == (actor.user.pk if actor.user else None):
        return True
    return access.allows(actor, Permission.ASSIGN_POLICY, exemption.workspace_id)


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the exemptions in the user's workspaces that stand as the address asks."""
    actor = actor_of(request)
    status = request.GET.get("status", "")
    status = status if status in STATUSES else ""
    workspace = request.GET.get("workspace", "")
    everything = visible_exemptions(actor)
    if workspace:
        everything = everything.filter(workspace__slug=workspace)
    rows = everything.filter(standing_as(status)) if status else everything.filter(valid_to=None)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-id")[: SHOWN + 1])
    needs = needs_of(found[:SHOWN])
    now = timezone.now()
    expiring = visible_attestations(actor).filter(valid_to=None, expires_at__lte=soon(now))
    return page(
        site,
        request,
        "console/policy_exemptions.html",
        title="Exemptions",
        lines=[
            (each, needs[each.pk].value, may_grant(actor, each), may_end(actor, each))
            for each in found[:SHOWN]
        ],
        chosen=status,
        workspace=workspace,
        counts=[(name, everything.filter(standing_as(name)).count()) for name in STATUSES],
        attestations=expiring.order_by("expires_at")[:SHOWN],
        with_trail=readable(actor, {each.workspace_id for each in found[:SHOWN]}),
        now=now,
        soon=soon(now),
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
    )
