"""What happens to policies and their sets. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicyVersionCreated(Event):
    """A policy got a version; ``digest`` is that of its text, ``fixtures_digest`` that of the
    names, states and input digests of its examples."""

    action = "policies.policy.version_created"

    policy: str
    number: int
    package: str
    title: str
    severity: str
    checked_by: str | None
    fixtures: int
    fixtures_digest: str


@dataclass(frozen=True, kw_only=True)
class PolicyVersionChecked(Event):
    """OPA compiled a version strictly and passed its tests: it may gate from now on."""

    action = "policies.policy.version_checked"

    checked_by: str


@dataclass(frozen=True, kw_only=True)
class PolicySetVersionCreated(Event):
    """A policy set got a version; ``digest`` covers all that its members and groups say."""

    action = "policies.set.version_created"

    members: list[dict[str, str]]
