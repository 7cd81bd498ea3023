"""What happens to risks. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class RiskEvent(Event):
    """Base of what happens to a risk: how it stands after it, people by their public ids.

    ``inherent`` and ``residual`` are likelihood and impact, from 1 to 5; the residual ones are
    empty until somebody judged them.
    """

    risk: str
    number: int
    title: str
    category: str
    state: str
    treatment: str
    inherent: list[int]
    residual: list[int]
    owner: str
    review_on: str


@dataclass(frozen=True, kw_only=True)
class RiskCreated(RiskEvent):
    """A risk was put on the register."""

    action = "audits.risk.created"


@dataclass(frozen=True, kw_only=True)
class RiskRevised(RiskEvent):
    """What is said of a risk changed; before and after have what differs."""

    action = "audits.risk.revised"


@dataclass(frozen=True, kw_only=True)
class RiskReviewed(RiskEvent):
    """Somebody looked at a risk again, and set the date of the next review."""

    action = "audits.risk.reviewed"


@dataclass(frozen=True, kw_only=True)
class RiskAccepted(RiskEvent):
    """Somebody other than its owner accepted a risk as it stands."""

    action = "audits.risk.accepted"


@dataclass(frozen=True, kw_only=True)
class RiskReviewOverdue(RiskEvent):
    """The date of a risk's review passed without one; told once for each date."""

    action = "audits.risk.review_overdue"


@dataclass(frozen=True, kw_only=True)
class RiskLinkEvent(Event):
    """Base of what happens to a link of a risk; ``target`` is what it leads to, by its name."""

    risk: str
    link: str
    kind: str
    target: str


@dataclass(frozen=True, kw_only=True)
class RiskLinked(RiskLinkEvent):
    """A risk is about an asset, version or finding, or treated by a control or exemption."""

    action = "audits.risk.linked"


@dataclass(frozen=True, kw_only=True)
class RiskUnlinked(RiskLinkEvent):
    """A link of a risk counts no more."""

    action = "audits.risk.unlinked"
