"""Set and end the rules of aliases of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget

from console.pages import demands
from console.pages.acts.fields import several, words
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.kinds import CHOICES
from registry.models import AliasRule, Workspace
from registry.permissions import ROLE_NAMES, Permission
from registry.queries.aliases import visible_alias_rules
from registry.queries.life import STATES
from registry.services import alias_rules

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


class TagsField(forms.CharField):
    """A tag per line, "key: value"."""

    def clean(self, value: Any) -> dict[str, str]:
        """Return the tags; raises ValidationError for a line that is none."""
        found = {}
        for line in super().clean(value).splitlines():
            key, colon, text = line.partition(":")
            if line.strip() and not (colon and key.strip()):
                raise forms.ValidationError(
                    f"“{line.strip()[:100]}” is no line such as “team: red”."
                )
            if line.strip():
                found[key.strip()] = text.strip()
        return found


class AliasRuleForm(forms.Form):
    """Which aliases, who moves them, onto what."""

    pattern = operations.text("Aliases like", help_text="* stands for anything, as in prod*.")
    roles = several("Moved by these roles", [(role, role) for role in ROLE_NAMES])
    users = words("… by these accounts", help_text="Between commas.")
    groups = words(
        "… by these groups", help_text="Nobody named: by everybody who may move aliases."
    )
    kinds = several("Holds for", CHOICES, help_text="None: for every kind.")
    states = several("Onto versions that are", [(state, state) for state in STATES])
    tags = TagsField(
        label="Onto versions with the tags",
        required=False,
        help_text="One a line: “reviewed: yes”.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "class": "mu-code"}),
    )
    reason = operations.prose("Reason", required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def set_rule(site: AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """Set a rule; ``rule`` in the address names one that is to be followed by another."""
    actor = actor_of(request)
    place = access.workspace_by_slug(actor, slug, permission=Permission.CHANGE_WORKSPACE)
    former = _named_rule(request, place)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        chosen = {name: data.pop(name) for name in ("pattern", "reason")}
        terms = alias_rules.Terms(**data)
        alias_rules.set_rule(actor=actor, workspace=slug, terms=terms, **chosen)
        return messages.SUCCESS, "The rule holds from now on."

    back = reverse("admin:console_rules", args=[slug])
    operation = operations.Operation(
        f"Change the rule of {slug} for @{former.pattern}"
        if former
        else f"Set a rule for aliases of {slug}",
        "Set the rule",
        call,
        back,
        back,
        intro="Rules only narrow: who moves needs the right as well, and all rules that match"
        " must agree. They bind administrators too.",
    )
    form = AliasRuleForm(request.POST or None, initial=_initial(former))
    return operations.answer(request, operation, form, site=site)


def _named_rule(request: HttpRequest, place: Workspace) -> AliasRule | None:
    text = request.GET.get("rule", "")
    rows = AliasRule.objects.filter(workspace=place, valid_to__isnull=True)
    rows = rows.prefetch_related("movers__user", "movers__group")
    return next((rule for rule in rows if str(rule.uuid) == text), None)


def _initial(former: AliasRule | None) -> dict[str, Any]:
    if former is None:
        return {}
    movers = former.movers.all()
    return {
        "pattern": former.pattern,
        "roles": [mover.role for mover in movers if mover.role],
        "users": ", ".join(mover.user.username for mover in movers if mover.user),
        "groups": ", ".join(mover.group.name for mover in movers if mover.group),
        "kinds": former.kinds,
        "states": former.states,
        "tags": "\n".join(f"{key}: {value}" for key, value in former.tags.items()),
    }


def end_rule(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a rule."""
    actor = actor_of(request)
    found = visible_alias_rules(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    place = found.workspace
    access.require(actor, Permission.CHANGE_WORKSPACE, place, subject=f"alias-rule/{uuid}")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        alias_rules.end_rule(actor=actor, rule=uuid, **data)
        return messages.SUCCESS, "The rule has ended."

    back = reverse("admin:console_rules", args=[place.slug])
    operation = operations.Operation(
        f"End the rule of {place.slug} for @{found.pattern}",
        "End the rule",
        call,
        back,
        back,
        intro=f"{'. '.join(demands.of_alias_rule(found))}.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)
