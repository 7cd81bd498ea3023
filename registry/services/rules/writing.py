"""Write rules, in the current transaction and under the lock of their workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.canonical import canonical_bytes
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import PromotionRuleEnded, PromotionRuleSet
from registry.models import PromotionRule
from registry.rules.conditions import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from registry.models import Workspace


@dataclass(frozen=True)
class Terms:
    """What a rule asks for."""

    required_approvals: int
    conditions: Mapping[str, Any]

    def is_as_strict_as(self, other: Terms) -> bool:
        """Tell whether these ask for everything that ``other`` asks for."""
        return self.required_approvals >= other.required_approvals and parsed(
            self.conditions
        ).is_as_strict_as(parsed(other.conditions))


NOTHING = Terms(0, {})


def terms_of(rule: PromotionRule | None) -> Terms:
    """Return what a rule asks for, nothing where there is none."""
    return Terms(rule.required_approvals, rule.conditions) if rule else NOTHING


def standing_rule(
    workspace: Workspace, *, kind: str = "", alias_pattern: str = ""
) -> PromotionRule | None:
    """Return the rule in force for exactly that scope."""
    rules = PromotionRule.objects.filter(
        workspace=workspace, kind=kind, alias_pattern=alias_pattern, valid_to__isnull=True
    )
    return rules.select_related("workspace", "set_by").first()


def write_rule(
    workspace: Workspace,
    terms: Terms,
    *,
    actor: Actor,
    kind: str = "",
    alias_pattern: str = "",
    reason: str = "",
) -> PromotionRule:
    """Let a rule follow the one of the same scope; earlier rules stay on record."""
    before = standing_rule(workspace, kind=kind, alias_pattern=alias_pattern)
    now = timezone.now()
    _end(before, at=now)
    rule = PromotionRule.objects.create(
        workspace=workspace,
        kind=kind,
        alias_pattern=alias_pattern,
        required_approvals=terms.required_approvals,
        conditions=terms.conditions,
        set_by=actor.user,
        valid_from=now,
    )
    publish(
        PromotionRuleSet(
            subject=workspace.slug,
            workspace=workspace.uuid,
            reason=reason,
            rule=str(rule.uuid),
            kind=kind,
            alias_pattern=alias_pattern,
            before=journalled(terms_of(before)),
            after=journalled(terms),
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )
    return rule


def write_end(rule: PromotionRule, *, actor: Actor, reason: str = "") -> PromotionRule:
    """End a rule that holds."""
    _end(rule, at=timezone.now())
    publish(
        PromotionRuleEnded(
            subject=rule.workspace.slug,
            workspace=rule.workspace.uuid,
            reason=reason,
            rule=str(rule.uuid),
            kind=rule.kind,
            alias_pattern=rule.alias_pattern,
            before=journalled(terms_of(rule)),
        ),
        actor=actor,
        roles=access.roles(actor, rule.workspace_id),
    )
    rule.refresh_from_db()
    return rule


def _end(rule: PromotionRule | None, *, at: datetime) -> None:
    if rule is not None:
        end(PromotionRule.objects.filter(pk=rule.pk), at=at)


def journalled(terms: Terms) -> dict[str, Any]:
    """Return the terms as the journal keeps them: numbers with a fraction as text."""
    body: dict[str, Any] = {"required_approvals": terms.required_approvals}
    conditions = json.loads(canonical_bytes(dict(terms.conditions)), parse_float=str)
    return body | ({"conditions": conditions} if conditions else {})
