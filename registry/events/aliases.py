"""What happens to aliases."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AliasMoved(Event):
    """An alias points at another version, or at none; before and after hold the references."""

    action = "registry.alias.moved"

    asset: str
    alias: str
    promotion: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, kw_only=True)
class AliasRuleSet(Event):
    """Who may move the aliases of a form by hand, and onto what; accounts stand as ids."""

    action = "registry.alias_rule.set"

    rule: str


@dataclass(frozen=True, kw_only=True)
class AliasRuleEnded(Event):
    """A rule of aliases does not hold any more."""

    action = "registry.alias_rule.ended"

    rule: str
