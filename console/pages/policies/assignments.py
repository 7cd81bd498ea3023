"""Where policies hold: the list, and one assignment with all that was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.pages.policies.exemptions import may_end, may_grant
from console.pages.shell import page
from console.pages.trails import readable, trail_across, trail_in
from core.errors import NotFound
from policies.models import Decision, Effect
from policies.queries.assignments import (
    MEMBERS,
    is_enforced_in,
    reaches,
    rules_of,
    visible_assignments,
)
from policies.queries.attested import visible_attestations
from policies.queries.exemptions import visible_exemptions
from policies.queries.needs import needs_of
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.models import Assignment
    from registry.models import Workspace

SHOWN = 50
DECISIONS = 30
STATES = ("in force", "ended", "all")


@dataclass(frozen=True)
class Place:
    """A workspace that an assignment reaches, and whether it is enforced there."""

    workspace: Workspace
    is_enforced: bool


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the assignments that reach the user's workspaces, newest first."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "") for name in ("workspace", "effect", "state", "q")}
    rows = _filtered(visible_assignments(actor), asked).order_by("-id")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SHOWN + 1])
    return page(
        site,
        request,
        "console/policy_assignments.html",
        title="Assignments",
        assignments=found[:SHOWN],
        asked=asked,
        effects=Effect.values,
        states=STATES,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        may_assign=may_assign_somewhere(actor),
    )


def _filtered(rows: QuerySet[Assignment], asked: dict[str, str]) -> QuerySet[Assignment]:
    if asked["workspace"]:
        rows = rows.filter(workspace__slug=asked["workspace"])
    if asked["effect"]:
        rows = rows.filter(effect=asked["effect"])
    if asked["q"]:
        rows = rows.filter(policy_version__policy__name__icontains=asked["q"]) | rows.filter(
            set_version__policy_set__name__icontains=asked["q"]
        )
    if asked["state"] != "all":
        rows = rows.filter(valid_to__isnull=asked["state"] != "ended")
    return rows


def may_assign_somewhere(actor: Actor) -> bool:
    """Tell whether the user may assign policies to a workspace at least."""
    held = access.workspace_ids(actor, permission=Permission.ASSIGN_POLICY)
    return held is None or bool(held)


def may_change(actor: Actor, assignment: Assignment) -> bool:
    """Tell whether the user may end the assignment and set its enforcement."""
    if assignment.workspace_id is None:
        return access.administers_organisation(actor)
    return access.allows(actor, Permission.ASSIGN_POLICY, assignment.workspace_id)


def seen(actor: Actor, uuid: UUID) -> Assignment:
    """Return the assignment with its members; raises NotFound for a missing or foreign one."""
    found = (
        visible_assignments(actor)
        .prefetch_related("enforcements__set_by", "exclusions", MEMBERS)
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def assignment(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one assignment: its terms, how it is enforced, exemptions, attestations, answers."""
    actor = actor_of(request)
    found = seen(actor, uuid)
    exemptions = list(visible_exemptions(actor).filter(assignment=found).order_by("-id")[:SHOWN])
    needs = needs_of(exemptions)
    rules = rules_of(found)
    attestations = visible_attestations(actor).filter(assignment=found)
    return page(
        site,
        request,
        "console/policy_assignment.html",
        title=found.reference,
        assignment=found,
        rules=rules,
        effects=sorted({rule.effect.value for rule in rules}),
        is_manual=any(rule.effect == Effect.MANUAL for rule in rules),
        enforcements=sorted(found.enforcements.all(), key=lambda each: -each.pk),
        places=_places(actor, found),
        exemptions=[
            (each, needs[each.pk].value, may_grant(actor, each), may_end(actor, each))
            for each in exemptions
        ],
        attestations=attestations.order_by("-id")[:SHOWN],
        decisions=_newest(actor, found),
        trail=trail_in(actor, found.workspace_id, evidence=found.uuid)
        if found.workspace_id
        else trail_across(actor, evidence=found.uuid),
        with_trail=readable(actor, {each.workspace_id for each in exemptions}),
        may_change=may_change(actor, found) and found.valid_to is None,
        may_attest=may_assign_somewhere(actor) and found.valid_to is None,
    )


def _places(actor: Actor, found: Assignment) -> list[Place]:
    """Return the workspaces that the user may see and the assignment reaches."""
    places = access.visible_workspaces(actor).order_by("slug")
    if found.workspace is not None:
        places = places.filter(pk=found.workspace.pk)
    reached = [place for place in places if reaches(found, place)]
    return [Place(place, is_enforced_in(found, place)) for place in reached]


def _newest(actor: Actor, found: Assignment) -> list[Decision]:
    rows = (
        Decision.objects.filter(
            access.in_reach(actor, path="evaluation__workspace"), assignment=found
        )
        .select_related("policy_version__policy", "evaluation__workspace")
        .defer("findings", "policy_version__source", "policy_version__tests")
        .order_by("-id")
    )
    return list(rows[:DECISIONS])
