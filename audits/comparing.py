"""What became of a question between two scans, and why. Free of Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FAILING = frozenset({"fail", "conflict"})
PASSING = frozenset({"pass", "not_applicable"})
SEVERITIES = ("critical", "high", "medium", "low")


class Became(StrEnum):
    """What became of a question, the worst first.

    A failure that had been mended before is regressed; ``changed`` is any other state, or another
    severity of what fails still.
    """

    FAILED = "new_failure"
    REGRESSED = "regressed"
    CHANGED = "changed"
    STILL_FAILING = "still_failing"
    NEWLY_JUDGED = "newly_judged"
    NO_LONGER_JUDGED = "no_longer_judged"
    MENDED = "mended"


ORDER = {became: place for place, became in enumerate(Became)}


@dataclass(frozen=True)
class Answer:
    """What a scan found: the state, the severity of the policy, and what that rests on: policy
    version, snapshot of the configuration, exemption and engine, as texts that are equal for
    equal things and empty for none."""

    state: str
    severity: str
    policy: str = ""
    configuration: str = ""
    exemption: str = ""
    engine: str = ""


def became(before: Answer | None, after: Answer | None, *, failed_earlier: bool) -> Became | None:
    """Return what became of a question, None for nothing worth telling: it stands as it did.

    ``failed_earlier`` tells that a scan before both had found it failing.
    """
    if after is None:
        return None if before is None else Became.NO_LONGER_JUDGED
    if after.state in FAILING:
        if before is None or before.state in {*PASSING, "unknown", "error"}:
            return Became.REGRESSED if failed_earlier else Became.FAILED
        if before.state in FAILING and before.severity == after.severity:
            return Became.STILL_FAILING
        return Became.CHANGED
    if before is None:
        return Became.NEWLY_JUDGED
    if before.state in {*FAILING, "exempt"} and after.state in PASSING:
        return Became.MENDED
    is_same = before.state == after.state or {before.state, after.state} <= PASSING
    return None if is_same else Became.CHANGED


def causes(before: Answer | None, after: Answer | None) -> list[str]:
    """Return what was different between the two answers, and so may be why: ``policy``,
    ``configuration``, ``exemption_began``, ``exemption_ended``, ``exemption_replaced``,
    ``engine``. Empty where one is missing."""
    if before is None or after is None:
        return []
    found = []
    if before.policy != after.policy:
        found.append("policy")
    if before.configuration != after.configuration:
        found.append("configuration")
    if before.exemption != after.exemption:
        ended = "exemption_ended" if not after.exemption else "exemption_replaced"
        found.append("exemption_began" if not before.exemption else ended)
    if before.engine and after.engine and before.engine != after.engine:
        found.append("engine")
    return found


def order(change: Became, severity: str, *rest: str) -> tuple[int, int, tuple[str, ...]]:
    """Return a key that sorts by what became, the most severe first, and then by ``rest``."""
    rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return ORDER[change], rank, rest
