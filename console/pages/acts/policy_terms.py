"""Assign a policy or a set, ask what that would do, switch its enforcement, end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from console.pages.acts.fields import ObjectField, number, offer, words, yes_no
from console.pages.policies.assignments import may_assign_somewhere, seen
from core.errors import AccessDenied, Denial
from policies.models import Effect, PolicySetVersion, PolicyVersion
from policies.models.enforcement import EVERYWHERE
from policies.queries.what_ifs import what_if_by_uuid
from policies.services import assignments, enforcement, what_ifs
from policies.services.terms import Terms
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

EFFECTS = {
    Effect.AUDIT: "audit: is recorded",
    Effect.WARN: "warn: is recorded, and told",
    Effect.MODIFY: "modify: is recorded, with the change that would mend it",
    Effect.MANUAL: "manual: people attest it",
    Effect.REQUIRE_APPROVAL: "require approval: needs a person",
    Effect.DENY: "deny: is refused",
    Effect.DISABLED: "disabled: is not judged",
}


class TermsForm(forms.Form):
    """What holds where, and how."""

    scope = operations.choice("Where")
    of = operations.choice("Policy or set", help_text="Pinned to the version that is chosen.")
    effect = operations.choice(
        "What follows when something does not pass",
        [(effect.value, told) for effect, told in EFFECTS.items()],
    )
    is_enforced = yes_no("Enforced", help_text="Else it is a dry run: judged and recorded.")
    percent = number(
        "In percent of the workspaces",
        1,
        EVERYWHERE,
        help_text="Outside of them it is a dry run. More only adds workspaces.",
        required=True,
    )
    excluded = words("Left-out workspaces", help_text="Between commas.")
    kinds = words(
        "Only for", help_text="Asset kinds and resource types between commas. Empty: everything."
    )
    tags = ObjectField("Only with tags", help_text="Such as “env: [production, staging]”.", rows=2)
    parameters = ObjectField(
        "Parameters", help_text="For a set: an object under each reference id.", rows=4
    )
    overrides = ObjectField(
        "Effects of members",
        help_text="Of a set: a line such as “azure_ml.private_endpoint: audit”.",
        rows=2,
    )
    message = operations.prose(
        "What to tell whom it holds up", required=False, rows=2, help_text="Shown with a reason."
    )

    def terms(self) -> dict[str, Any]:
        """Return the arguments of the services that assign and that ask."""
        data = dict(self.cleaned_data)
        kind, _, reference = data.pop("of").partition(":")
        data["tags"] = {
            name: [str(each) for each in (values if isinstance(values, list) else [values])]
            for name, values in data["tags"].items()
        }
        data["overrides"] = {name: str(effect) for name, effect in data["overrides"].items()}
        scope = data.pop("scope")
        data.pop("reason", None)
        return {
            "scope": scope,
            "policy": reference if kind == "policy" else "",
            "policy_set": reference if kind == "set" else "",
            "terms": Terms(**data),
        }


class AssignForm(TermsForm):
    """What holds where, how, and why."""

    reason = operations.prose("Reason", required=False, rows=2)


class EnforcementForm(forms.Form):
    """Whether, and in how many workspaces."""

    is_enforced = yes_no("Enforced")
    percent = number("In percent of the workspaces", 1, EVERYWHERE, required=True)
    reason = operations.prose("Reason", required=False, rows=2)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def _with_choices(form: TermsForm, actor: Actor) -> TermsForm:
    places = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY)
    scopes = [(f"workspace/{place.slug}", place.slug) for place in places.order_by("slug")]
    if access.administers_organisation(actor):
        stages = [
            (f"stage/{stage}", f"every {stage} workspace") for stage in Workspace.Stage.values
        ]
        scopes = [("organisation", "the whole organisation"), *stages, *scopes]
    sets = PolicySetVersion.objects.select_related("policy_set").order_by(
        "policy_set__name", "-number"
    )
    policies = (
        PolicyVersion.objects.select_related("policy")
        .only("number", "policy__name", "metadata")
        .order_by("policy__name", "-number")
    )
    chosen = [(f"set:{each.reference}", f"{each.reference}: {each.title}") for each in sets]
    chosen += [(f"policy:{each.reference}", f"{each.reference}: {each.title}") for each in policies]
    offer(form, "scope", scopes)
    offer(form, "of", chosen)
    return form


def _initial(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("scope", "of", "effect")}
    return {"effect": "audit", "is_enforced": True, "percent": EVERYWHERE} | {
        name: value for name, value in asked.items() if value
    }


def _require_somewhere(actor: Actor) -> None:
    if not may_assign_somewhere(actor):
        right = Permission.ASSIGN_POLICY.value
        raise AccessDenied(
            f"You hold the right {right} in no workspace.",
            denial=Denial(right, "assignments", None),
        )


def assign(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Let a policy or a set hold."""
    actor = actor_of(request)
    _require_somewhere(actor)
    form = AssignForm(request.POST or None, initial=_initial(request))
    made: list[str] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        held = assignments.assign(actor=actor, reason=data["reason"], **form.terms())
        made.append(str(held.uuid))
        return messages.SUCCESS, "It holds from now on."

    operation = operations.Operation(
        "Assign a policy or a set",
        "Assign",
        call,
        lambda: reverse("admin:console_policy_assignment", args=made),
        reverse("admin:console_policy_assignments"),
        intro="What it would find can be asked first, without any effect: “What if …” on the list.",
    )
    return operations.answer(request, operation, _with_choices(form, actor), site=site)


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask what an assignment would find and do."""
    actor = actor_of(request)
    _require_somewhere(actor)
    form = TermsForm(request.POST or None, initial=_initial(request))
    made: list[str] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(str(what_ifs.ask(actor=actor, **form.terms()).uuid))
        return messages.SUCCESS, "It is being asked."

    operation = operations.Operation(
        "What if this were assigned?",
        "Ask",
        call,
        lambda: reverse("admin:console_what_if", args=made),
        reverse("admin:console_what_ifs"),
        intro="Everything in scope is judged in the background. Nothing is assigned or enforced,"
        " no decision is recorded; the answer is kept for a week.",
    )
    return operations.answer(request, operation, _with_choices(form, actor), site=site)


def assign_as_asked(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Assign what a what-if was about."""
    actor = actor_of(request)
    asked = what_if_by_uuid(actor, uuid)
    of = asked.terms["policy"] or asked.terms["set"]

    def call(data: dict[str, Any]) -> tuple[int, str]:
        what_ifs.assign_as_asked(actor=actor, what_if=uuid, **data)
        return messages.SUCCESS, "It holds from now on, as asked."

    operation = operations.Operation(
        f"Assign {of} to {asked.terms['scope']}",
        "Assign",
        call,
        reverse("admin:console_policy_assignment", args=[uuid]),
        reverse("admin:console_what_if", args=[uuid]),
        intro=f"With the very terms that were asked about: effect {asked.terms['effect']},"
        f" enforced in {asked.terms['percent']} % of the workspaces."
        if asked.terms["is_enforced"]
        else "With the very terms that were asked about, as a dry run.",
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def set_enforcement(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Switch enforcement, or roll it out further."""
    actor = actor_of(request)
    found = seen(actor, uuid)
    standing = found.enforcement
    back = reverse("admin:console_policy_assignment", args=[uuid])

    def call(data: dict[str, Any]) -> tuple[int, str]:
        enforcement.set_enforcement(actor=actor, assignment=uuid, **data)
        return messages.SUCCESS, "Set, from now on."

    operation = operations.Operation(
        "How it is enforced",
        "Set",
        call,
        back,
        back,
        intro="Where it is not enforced it is judged and recorded all the same. A higher"
        " percentage only adds workspaces to those that have it.",
    )
    initial = {"is_enforced": standing.is_enforced, "percent": standing.percent} if standing else {}
    form = EnforcementForm(request.POST or None, initial=initial)
    return operations.answer(request, operation, form, site=site)


def end(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an assignment."""
    actor = actor_of(request)
    found = seen(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        assignments.end(actor=actor, assignment=uuid, **data)
        return messages.SUCCESS, "It holds no more."

    operation = operations.Operation(
        "End the assignment",
        "End it",
        call,
        reverse("admin:console_policy_assignment", args=[uuid]),
        reverse("admin:console_policy_assignment", args=[uuid]),
        intro=f"{found.reference} holds no more over {found.place}. What was decided under it"
        " stays on record.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)
