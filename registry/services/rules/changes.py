"""Change what promotions into a workspace must fulfil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from core.canonical import canonical_bytes
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from core.journal import publish
from core.references import check_name
from registry import access
from registry.events import PromotionRuleProposed
from registry.kinds import KINDS
from registry.models import PromotionRule, PromotionRuleProposal, Workspace
from registry.permissions import Permission
from registry.rules.conditions import problems, tidied
from registry.services.rules.writing import (
    NOTHING,
    Terms,
    journalled,
    standing_rule,
    terms_of,
    write_end,
    write_rule,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor

MAX_APPROVALS = 20
MAX_STARS = 3


def set_rule(
    *,
    actor: Actor,
    workspace: str,
    kind: str = "",
    alias_pattern: str = "",
    required_approvals: int = 0,
    conditions: Mapping[str, Any] | None = None,
    reason: str = "",
) -> PromotionRule | PromotionRuleProposal:
    """Set the rule for versions of ``kind`` and aliases like ``alias_pattern`` from now on.

    Empty ones mean all. ``conditions`` are those of ``registry/rules/conditions.v1.json``. In a
    production workspace a rule that asks for less than the one it follows is only proposed: a
    second admin accepts it. Needs change_workspace. Raises InvalidInput, AccessDenied, or Conflict
    where a proposal for that rule is open.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CHANGE_WORKSPACE, field="workspace"
    )
    terms = _checked(kind, alias_pattern, required_approvals, conditions or {})
    with transaction.atomic():
        place = Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        before = standing_rule(place, kind=kind, alias_pattern=alias_pattern)
        if before is not None and _needs_two(place, terms, than=before):
            return _propose(before, terms, actor=actor, reason=reason)
        scope = {"kind": kind, "alias_pattern": alias_pattern}
        return write_rule(place, terms, actor=actor, reason=reason, **scope)


def set_required_approvals(
    *, actor: Actor, workspace: str, required_approvals: int, reason: str = ""
) -> PromotionRule | PromotionRuleProposal:
    """Set how many approvals every promotion needs, and leave that rule's conditions as they are.

    Needs change_workspace; in production a smaller number is only proposed.
    """
    place = access.workspace_by_slug(actor, workspace, permission=Permission.CHANGE_WORKSPACE)
    _require_number(required_approvals)
    with transaction.atomic():
        place = Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        before = standing_rule(place)
        terms = Terms(required_approvals, terms_of(before).conditions)
        if before is not None and _needs_two(place, terms, than=before):
            return _propose(before, terms, actor=actor, reason=reason)
        return write_rule(place, terms, actor=actor, reason=reason)


def end_rule(
    *, actor: Actor, rule: UUID, reason: str = ""
) -> PromotionRule | PromotionRuleProposal:
    """End a rule, or propose to where that takes two. Needs change_workspace; a rule that has
    ended is a Conflict."""
    found = PromotionRule.objects.select_related("workspace").filter(uuid=rule).first()
    if found is None:
        raise NotFound
    access.require(
        actor, Permission.CHANGE_WORKSPACE, found.workspace, subject=f"promotion-rule/{rule}"
    )
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=found.workspace_id)
        found = PromotionRule.objects.select_related("workspace", "set_by").get(pk=found.pk)
        if found.valid_to is not None:
            raise Conflict("The rule has ended already.")
        if _needs_two(found.workspace, NOTHING, than=found):
            return _propose(found, NOTHING, actor=actor, reason=reason, is_end=True)
        return write_end(found, actor=actor, reason=reason)


def _needs_two(workspace: Workspace, terms: Terms, *, than: PromotionRule) -> bool:
    is_production = workspace.stage == Workspace.Stage.PRODUCTION
    return is_production and not terms.is_as_strict_as(terms_of(than))


def _propose(
    rule: PromotionRule, terms: Terms, *, actor: Actor, reason: str, is_end: bool = False
) -> PromotionRuleProposal:
    if actor.user is None:
        raise InvalidInput("Only a person can propose to ask for less in production.")
    try:
        with transaction.atomic():
            proposal = PromotionRuleProposal.objects.create(
                workspace=rule.workspace,
                replaces=rule,
                is_end=is_end,
                required_approvals=terms.required_approvals,
                conditions=terms.conditions,
                reason=reason,
                proposed_by=actor.user,
            )
    except IntegrityError:
        raise Conflict("A proposal for this rule is open; accept or reject it first.") from None
    publish(
        PromotionRuleProposed(
            subject=rule.workspace.slug,
            workspace=rule.workspace.uuid,
            reason=reason,
            rule=str(rule.uuid),
            kind=rule.kind,
            alias_pattern=rule.alias_pattern,
            proposal=str(proposal.uuid),
            is_end=is_end,
            before=journalled(terms_of(rule)),
            after=journalled(terms),
        ),
        actor=actor,
        roles=access.roles(actor, rule.workspace_id),
    )
    return proposal


def _checked(kind: str, pattern: str, number: int, conditions: Mapping[str, Any]) -> Terms:
    if kind and kind not in KINDS:
        raise InvalidInput.of("kind", f"must be empty or one of {', '.join(KINDS)}")
    if pattern:
        check_name(pattern, field="alias_pattern")
        if pattern.count("*") > MAX_STARS:
            raise InvalidInput.of("alias_pattern", f"must have at most {MAX_STARS} stars")
    _require_number(number)
    try:
        canonical_bytes(conditions)
    except InvalidInput as error:
        raise InvalidInput.of("conditions", error.detail) from error
    if found := problems(conditions):
        errors = [FieldError(path, reason) for path, reason in found]
        summary = f"The conditions are not valid: {errors[0].field}: {errors[0].reason}"
        raise InvalidInput(summary, errors=errors)
    return Terms(number, tidied(conditions))


def _require_number(required_approvals: int) -> None:
    if not 0 <= required_approvals <= MAX_APPROVALS:
        raise InvalidInput.of("required_approvals", f"must be 0 to {MAX_APPROVALS}")
