"""Set, change and end the rules of promotion of a workspace; accept or reject asking for less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget

from console.pages import demands
from console.pages.acts.fields import number, several, words, yes_no
from console.pages.rules import in_words
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.kinds import CHOICES
from registry.models import PromotionRule, Workspace
from registry.permissions import ROLE_NAMES, Permission
from registry.queries.rules import visible_proposals, visible_rules
from registry.rules.conditions import schema
from registry.services import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.models import PromotionRuleProposal

THRESHOLD = re.compile(
    r"(?P<metric>.{1,200}?)(?: by (?P<evaluator>.{1,200}?))?(?: on (?P<dataset>\S{1,500}))?"
    r"\s*(?P<operator>>=|<=|>|<)\s*(?P<value>[-+.0-9eE]{1,40})"
    r"(?:\s+within (?P<max_age_days>[0-9]{1,4}) days?)?"
)
TWO = "In production, to ask for less takes a second admin: it becomes a proposal."


def _named(name: str) -> list[tuple[str, str]]:
    """Return the values that the schema of conditions knows of a member."""
    values = schema()["properties"][name]["items"]["enum"]
    return [(value, value.replace("_", " ")) for value in values]


class ThresholdsField(forms.CharField):
    """A threshold per line."""

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Return the thresholds; raises ValidationError for a line that is none."""
        return [
            self._read(line.strip()) for line in super().clean(value).splitlines() if line.strip()
        ]

    def _read(self, line: str) -> dict[str, Any]:
        found = THRESHOLD.fullmatch(line)
        try:
            value = float(found["value"]) if found else None
        except ValueError:
            value = None
        if found is None or value is None:
            raise forms.ValidationError(f"“{line[:100]}” is no line such as “accuracy >= 0.9”.")
        given = {name: text for name, text in found.groupdict().items() if text}
        days = {"max_age_days": int(given["max_age_days"])} if "max_age_days" in given else {}
        return {**given, "value": int(value) if value.is_integer() else value, **days}


class RuleForm(forms.Form):
    """Which promotions, and what they need."""

    kind = operations.choice("Kind", [("", "Every kind"), *CHOICES], required=False)
    alias_pattern = operations.text(
        "Aliases like", required=False, help_text="* stands for anything. Empty: every promotion."
    )
    required_approvals = number("Approvals", 0, rules.MAX_APPROVALS, required=True)
    approver_roles = several(
        "Only these roles approve",
        [(role, role) for role in ROLE_NAMES],
        help_text="None: who may.",
    )
    distinct_roles = several(
        "One person of each of these roles must approve", [(role, role) for role in ROLE_NAMES]
    )
    approval_max_age_days = number("An approval counts for, in days", 1, 3650)
    request_max_age_days = number("A request expires after, in days", 1, 30)
    thresholds = ThresholdsField(
        label="What the newest result must reach",
        required=False,
        help_text="One a line: “accuracy >= 0.9”; also “groundedness by judge on"
        " team/dataset/held-out >= 4 within 30 days”.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "class": "mu-code"}),
    )
    card_fields = words("Fields that the card must fill", help_text="Between commas.")
    card_complete = yes_no("The card must fill what the workspace asks for at its stage")
    card_accepted = yes_no("A reviewer must have accepted the card as it reads now")
    scan_verdicts = several("The content scan may say", _named("scan_verdicts"))
    signature = operations.choice(
        "Signature",
        [
            ("", "not asked for"),
            ("any", "by a key that its own workspace trusts"),
            ("trusted", "by a key that this workspace trusts"),
        ],
        required=False,
    )
    source_stages = several("It may come from", _named("source_stages"))
    forbidden_states = several("Nothing that it needs may be", _named("forbidden_states"))
    reason = operations.prose("Reason", required=False)


SCOPE = ("kind", "alias_pattern", "required_approvals", "reason")


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def set_rule(site: AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """Set a rule; ``rule`` in the address names one that is to be followed by another."""
    actor = actor_of(request)
    place = access.workspace_by_slug(actor, slug, permission=Permission.CHANGE_WORKSPACE)
    former = _named_rule(request, place)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        asked = {name: value for name, value in data.items() if name not in SCOPE and value}
        scope = {name: data[name] for name in SCOPE}
        return _outcome(rules.set_rule(actor=actor, workspace=slug, conditions=asked, **scope))

    back = reverse("admin:console_rules", args=[slug])
    about = demands.scope(former.kind, former.alias_pattern) if former else ""
    operation = operations.Operation(
        f"Change the rule of {slug}: {about.lower()}" if former else f"Set a rule of {slug}",
        "Set the rule",
        call,
        back,
        back,
        intro=f"It takes the place of a rule for the same kind and aliases. {TWO}",
    )
    form = RuleForm(request.POST or None, initial=_initial(former))
    if former:
        for name in ("kind", "alias_pattern"):
            form.fields[name].widget = forms.HiddenInput()
    return operations.answer(request, operation, form, site=site)


def _named_rule(request: HttpRequest, place: Workspace) -> PromotionRule | None:
    text = request.GET.get("rule", "")
    rows = PromotionRule.objects.filter(workspace=place, valid_to__isnull=True)
    return next((rule for rule in rows if str(rule.uuid) == text), None)


def _initial(former: PromotionRule | None) -> dict[str, Any]:
    if former is None:
        return {"required_approvals": 1}
    body = dict(former.conditions)
    return {
        **body,
        "kind": former.kind,
        "alias_pattern": former.alias_pattern,
        "required_approvals": former.required_approvals,
        "thresholds": "\n".join(demands.told(each) for each in former.parsed.thresholds),
        "card_fields": ", ".join(body.get("card_fields", ())),
    }


def _outcome(made: PromotionRule | PromotionRuleProposal) -> tuple[int, str]:
    if isinstance(made, PromotionRule):
        ended = made.valid_to is not None
        return messages.SUCCESS, "The rule has ended." if ended else "The rule holds from now on."
    return messages.WARNING, "It asks for less in production: a second admin must accept it."


def end_rule(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a rule, or propose to."""
    actor = actor_of(request)
    found = visible_rules(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    place = found.workspace
    access.require(actor, Permission.CHANGE_WORKSPACE, place, subject=f"promotion-rule/{uuid}")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        return _outcome(rules.end_rule(actor=actor, rule=uuid, **data))

    back = reverse("admin:console_rules", args=[place.slug])
    told = f"{demands.scope(found.kind, found.alias_pattern)}: {'. '.join(demands.of_rule(found))}."
    operation = operations.Operation(
        f"End a rule of {place.slug}",
        "End the rule",
        call,
        back,
        back,
        intro=f"{told} {TWO}",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def accept(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let what another admin proposed hold."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        rules.accept(actor=actor, proposal=uuid, **data)
        return messages.SUCCESS, "Accepted: it holds from now on."

    return _close(site, request, uuid, verb="Accept", call=call)


def reject(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a proposal without effect."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        rules.reject(actor=actor, proposal=uuid, **data)
        return messages.SUCCESS, "Rejected: the rule stays as it is."

    return _close(site, request, uuid, verb="Reject", call=call)


def _close(
    site: AdminSite,
    request: HttpRequest,
    uuid: UUID,
    *,
    verb: str,
    call: Callable[[dict[str, Any]], tuple[int, str]],
) -> HttpResponse:
    actor = actor_of(request)
    found = visible_proposals(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    place = found.workspace
    subject = f"promotion-rule-proposal/{uuid}"
    access.require(actor, Permission.CHANGE_WORKSPACE, place, subject=subject)
    about, less, left = in_words(found)
    back = reverse("admin:console_rules", args=[place.slug])
    operation = operations.Operation(
        f"{verb} asking for less in {place.slug}",
        verb,
        call,
        back,
        back,
        intro=f"{found.proposed_by.username} proposes: {about}.",
        danger=verb == "Reject",
        template="console/proposal.html",
        context={"proposal": found, "less": less, "left": left},
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)
