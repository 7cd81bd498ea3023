"""OPAs of elsewhere: what they pull, whether they are well, and where evidence is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from console.pages.shell import page
from policies.models import OpaChange
from policies.queries.fleet import is_stale, opa_by_uuid, visible_decisions, visible_opas
from policies.services.fleet.opas import configuration_of
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from policies.models import Opa, OpaInstance

SHOWN = 200
CHANGES, DECISIONS = 30, 10


def opas(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the OPAs of the user's workspaces, each with how it is."""
    actor = actor_of(request)
    found = visible_opas(actor).order_by("retired_at", "workspace__slug", "name")
    return page(
        site,
        request,
        "console/fleet.html",
        title="OPA fleet",
        opas=[(opa, standing(opa)) for opa in found[:SHOWN]],
        may_register=access.administers_organisation(actor),
    )


def opa(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one with its processes, what changed, and what it is started with."""
    actor = actor_of(request)
    found = opa_by_uuid(actor, uuid)
    changes = OpaChange.objects.filter(instance__opa=found).select_related("instance")
    start = configuration_of(actor=actor, opa=uuid)["start"]
    return page(
        site,
        request,
        "console/opa.html",
        title=found.name,
        opa=found,
        may_manage=found.retired_at is None and access.administers_organisation(actor),
        may_choose=found.retired_at is None
        and access.allows(actor, Permission.ASSIGN_POLICY, found.workspace_id),
        standing=standing(found),
        instances=[(each, is_stale(each)) for each in found.instances.all()[:SHOWN]],
        changes=changes.order_by("-id")[:CHANGES],
        lost=changes.aggregate(lost=Sum("lost"))["lost"] or 0,
        decisions=visible_decisions(actor).filter(opa=found).order_by("-id")[:DECISIONS],
        start=json.dumps(start, indent=2),
        now=timezone.now(),
    )


def standing(opa: Opa) -> tuple[str, str]:
    """Return the colour of a tag, and in one word how an OPA is: the worst of its processes."""
    instances: list[OpaInstance] = list(opa.instances.all())
    if opa.retired_at is not None:
        return "", "retired"
    if not instances:
        return "", "never seen"
    if any(each.problems for each in instances if not is_stale(each)):
        return "mu-bad", "has problems"
    if all(is_stale(each) for each in instances):
        return "mu-warn", "silent"
    return "mu-good", "well"
