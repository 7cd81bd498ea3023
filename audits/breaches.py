"""What the journal tells of breaches and drift, and how a finding stands by it.

Plain data: the consumer that follows findings and the report that rests on a place in the journal
read the same entries in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from core.canonical import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.journal import SequencedEntry

THRESHOLD = "threshold"
DRIFT = "drift"
# A comparison has no severity of its own.
DRIFT_SEVERITY = "medium"


@dataclass(frozen=True)
class _Kind:
    """Whose finding an action is, and whether it begins what the finding tells of."""

    origin: str
    begins: bool


KINDS = {
    "registry.threshold.breached": _Kind(THRESHOLD, begins=True),
    "registry.threshold.recovered": _Kind(THRESHOLD, begins=False),
    "registry.drift.detected": _Kind(DRIFT, begins=True),
    "registry.drift.ended": _Kind(DRIFT, begins=False),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One entry: what was measured against which bound of which deployment.

    ``identity`` is equal for all entries about one name on one deployment: a threshold or a
    comparison that is set anew under its name goes on with the same finding. ``value`` is empty
    where nothing was measured; ``is_ended`` tells that it is over because nobody asks any more.
    """

    identity: str
    entry_uuid: str
    entry_seq: int
    occurred_at: datetime
    workspace: str
    deployment: str
    subject: str
    origin: str
    name: str
    begins: bool
    is_ended: bool
    severity: str
    measure: str
    value: str
    bound: str
    terms: dict[str, Any] = field(default_factory=dict)


def told(entry: SequencedEntry) -> Told:
    """Return what an entry whose action is one of KINDS tells."""
    kind, data = KINDS[entry.action], entry.data
    if kind.origin == THRESHOLD:
        rule = data["rule"]
        severity, measure, bound = data["severity"], rule["measure"], rule["bound"]
        terms = rule | {"period_start": data["period_start"]}
    else:
        severity, measure, bound = DRIFT_SEVERITY, data["method"], data["bound"]
        terms = {"evaluator": data["evaluator"], "baseline": data["baseline"]}
    workspace, deployment = entry.body["workspace"], data["deployment"]
    return Told(
        identity=canonical_digest([workspace, kind.origin, deployment, data["name"]]),
        entry_uuid=str(entry.uuid),
        entry_seq=entry.seq,
        occurred_at=entry.occurred_at,
        workspace=workspace,
        deployment=deployment,
        subject=entry.body["subject"]["ref"],
        origin=kind.origin,
        name=data["name"],
        begins=kind.begins,
        # Entries from before this was told ended by what was measured, as far as they say.
        is_ended=data.get("is_ended", False),
        severity=severity,
        measure=measure,
        value=data["value"],
        bound=bound,
        terms=terms,
    )


class Sighted(Protocol):
    """What of an entry decides how things stand."""

    @property
    def occurred_at(self) -> datetime: ...
    @property
    def begins(self) -> bool: ...
    @property
    def severity(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """How a finding stands after all that was told; ``resolved_at`` is None while it is open."""

    first_seen_at: datetime
    opened_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    regressions: int
    severity: str


def standing(sighted: Sequence[Sighted]) -> Standing | None:
    """Return how things stand after what was told, given in the journal's order.

    None before anything began. Depends on the entries alone, not on the order in which they
    came here.
    """
    begun = [each for each in sighted if each.begins]
    if not begun:
        return None
    last = sighted[-1]
    opened = begun[0]
    for before, after in pairwise(sighted):
        if after.begins and not before.begins:
            opened = after
    returns = sum(after.begins and not before.begins for before, after in pairwise(sighted))
    # An end that comes first ends what began before the journal tells of it.
    return Standing(
        first_seen_at=begun[0].occurred_at,
        opened_at=opened.occurred_at,
        last_seen_at=begun[-1].occurred_at,
        resolved_at=None if last.begins else last.occurred_at,
        regressions=returns - (not sighted[0].begins),
        severity=begun[-1].severity,
    )


def title(origin: str, name: str) -> str:
    """Return what a finding from a breach or drift is called."""
    return f"Threshold {name} breached" if origin == THRESHOLD else f"Drift of {name}"


def reason(*, measure: str, value: str, bound: str, terms: dict[str, Any]) -> str:
    """Return what was measured and what the bound is, in words."""
    unit = f" {terms['currency']}" if terms.get("currency") else ""
    period = f" in the {terms['period']}" if terms.get("period") else ""
    what = " ".join(filter(None, (terms.get("metric"), measure.replace("_", " "))))
    given = f" by {terms['evaluator']}" if terms.get("evaluator") else ""
    return f"{what}{given} is {value}{unit}{period}, the bound is {bound}{unit}"


def remediation(origin: str) -> str:
    """Return what to do about a finding from a breach or drift."""
    if origin == THRESHOLD:
        return (
            "Bring the measure back within its bound, roll the deployment back, or set the"
            " threshold anew with a reason."
        )
    return (
        "Find out what changed in what is served; evaluate the deployment anew, and pin a new"
        " baseline if the change is wanted."
    )
