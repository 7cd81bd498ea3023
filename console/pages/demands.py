"""What rules ask for, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from registry.models import AliasRule, PromotionRule
    from registry.rules.conditions import Conditions, Threshold

SIGNED = {
    "any": "a signature under a key that the source's workspace trusts",
    "trusted": "a signature under a key that this workspace trusts",
}


def scope(kind: str, alias_pattern: str) -> str:
    """Return which promotions a rule is about."""
    what = f"Promotions that take a {KINDS[kind].label.lower()} along" if kind else ""
    if not alias_pattern:
        return what or "Every promotion"
    return f"{what or 'Promotions'}, as an alias like @{alias_pattern}"


def terms(required_approvals: int, conditions: Conditions) -> list[str]:
    """Return what is asked for, a sentence each; what does not say "nothing" is nothing."""
    found = [_approvals(required_approvals)] if required_approvals else []
    found += [
        *_people(conditions),
        *(f"The newest result on that very digest: {told(each)}" for each in conditions.thresholds),
        *_card(conditions),
    ]
    if conditions.scan_verdicts:
        found.append(f"The content scan says {_one_of(conditions.scan_verdicts)}")
    if conditions.signature:
        found.append(f"There is {SIGNED[conditions.signature]}")
    if conditions.source_stages:
        found.append(f"The version comes from {_one_of(conditions.source_stages)}")
    if conditions.forbidden_states:
        found.append(f"Nothing that it needs is {_one_of(conditions.forbidden_states)}")
    return found


def told(threshold: Threshold) -> str:
    """Return a threshold as the form takes it, so that one can be written from the other."""
    days = threshold.max_age_days
    return f"{threshold} within {days} days" if days else str(threshold)


def _approvals(number: int) -> str:
    return f"{number} approval{'' if number == 1 else 's'} by others than the requester"


def _people(conditions: Conditions) -> Iterable[str]:
    if conditions.approver_roles:
        yield f"Only approvals by {_one_of(conditions.approver_roles)} count"
    for role in sorted(conditions.distinct_roles):
        yield f"Among those who approve, a person of their own is {role}"
    if conditions.approval_max_age_days:
        yield f"No approval is older than {conditions.approval_max_age_days} days"
    if conditions.request_max_age_days:
        yield f"A request expires after {conditions.request_max_age_days} days"


def _card(conditions: Conditions) -> Iterable[str]:
    if conditions.card_fields:
        names = ", ".join(sorted(name.replace("_", " ") for name in conditions.card_fields))
        yield f"The card says: {names}"
    if conditions.card_complete:
        yield "The card fills what this workspace asks for at its stage"
    if conditions.card_accepted:
        yield "A reviewer has accepted the card as it reads now"


def _one_of(values: Collection[str]) -> str:
    *rest, last = sorted(value.replace("_", "-") for value in values)
    return f"{', '.join(rest)} or {last}" if rest else last


def of_rule(rule: PromotionRule) -> list[str]:
    """Return what a rule asks for; nothing at all is said, too."""
    return terms(rule.required_approvals, rule.parsed) or ["Nothing is asked for"]


def of_alias_rule(rule: AliasRule) -> list[str]:
    """Return who may move the aliases of a rule, and onto what."""
    movers = [
        (mover.role and f"every {mover.role}") or str(mover.user or f"the group {mover.group}")
        for mover in rule.movers.all()
    ]
    found = [f"Moved by hand by {', '.join(movers)} alone" if movers else "Moved by who may"]
    if rule.kinds:
        found.append(f"Holds for {_one_of([KINDS[kind].plural for kind in rule.kinds])}")
    if rule.states:
        found.append(f"Onto versions that are {_one_of(rule.states)}")
    found += [f"Onto versions with the tag {key}: {value}" for key, value in rule.tags.items()]
    return found
