"""What a look into a file can end with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

TOOL = "muniment-scan"
# Counts up whenever the same bytes could get another verdict; stored with every scan.
TOOL_VERSION = "1"


class Verdict(StrEnum):
    """From best to worst."""

    SAFE = "safe"
    ALLOW_LISTED = "allow_listed"
    UNKNOWN = "unknown"
    DANGEROUS = "dangerous"


CHOICES = [(verdict.value, verdict.value) for verdict in Verdict]


SEVERITY = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True)
class Finding:
    """Something seen: ``where`` is a path inside the file (members of archives), "" for itself."""

    code: str
    detail: str
    verdict: Verdict
    where: str = ""


@dataclass(frozen=True)
class Report:
    """What a file is, the worst that was seen in it, and everything that was seen."""

    format: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of the verdicts; safe for none."""
    return max(verdicts, key=SEVERITY.__getitem__, default=Verdict.SAFE)
