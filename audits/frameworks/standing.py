"""How each control of a framework stands in some workspaces at some time. Plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audits.frameworks.model import Control, Framework

# The worst first: a control stands as the worst that any of its policies found.
VERDICTS = ("fail", "conflict", "error", "unknown", "exempt", "pass", "not_applicable")

STATES = [(state, state) for state in VERDICTS]


class Level(StrEnum):
    """The best that speaks for a control; ``none`` is a gap."""

    AUTOMATIC = auto()
    MANUAL = auto()
    STATEMENT = auto()
    RECORD = auto()
    NONE = auto()
    NOT_APPLICABLE = auto()


LEVELS = [(level.value, level.value) for level in Level]
SHOWN_LEVELS = (Level.AUTOMATIC, Level.MANUAL, Level.STATEMENT, Level.RECORD, Level.NONE)


@dataclass(frozen=True)
class Support:
    """A policy in force that names the control, or is mapped to it (``is_mapped``).

    ``is_manual``: people answer it. ``is_record``: it judges records that people keep.
    ``workspaces`` are the slugs of where it holds.
    """

    policy: str
    title: str
    effect: str
    is_manual: bool
    is_record: bool
    is_mapped: bool
    workspaces: tuple[str, ...]


@dataclass(frozen=True)
class Attested:
    """What a person says of a manual rule behind the control, and until when it counts."""

    uuid: str
    policy: str
    workspace: str
    state: str
    attested_by: str
    owner: str
    expires_at: datetime


@dataclass(frozen=True)
class Stated:
    """What a person says of the control itself; without a workspace, of the organisation."""

    uuid: str
    workspace: str | None
    state: str
    text: str
    evidence_uri: str
    owner: str
    stated_by: str
    expires_at: datetime


@dataclass(frozen=True)
class Recorded:
    """A kind of record that the registry keeps by itself: why it is evidence, and the newest one
    in scope, None where there is none."""

    kind: str
    reason: str
    newest: datetime | None


@dataclass(frozen=True)
class ControlStanding:
    """One control with all that speaks for it, and what scans found.

    ``by_state`` counts results of the newest complete scan of each workspace. ``open_findings``
    is of now, None where another time was asked about; so is ``open_risks``.
    """

    control: Control
    automatic: tuple[Support, ...] = ()
    manual: tuple[Support, ...] = ()
    attestations: tuple[Attested, ...] = ()
    statements: tuple[Stated, ...] = ()
    records: tuple[Recorded, ...] = ()
    by_state: Mapping[str, int] = field(default_factory=dict)
    open_findings: int | None = None
    open_risks: int | None = None

    @cached_property
    def level(self) -> Level:
        """Return the best that speaks for it.

        A manual rule counts once a person attests it, a rule about people's records at once; a
        statement counts when it says that the control is met, or met in part.
        """
        said = {statement.state for statement in self.statements}
        if "not_applicable" in said:
            return Level.NOT_APPLICABLE
        if self.automatic:
            return Level.AUTOMATIC
        if self.attestations or any(each.is_record and not each.is_manual for each in self.manual):
            return Level.MANUAL
        if said & {"implemented", "partial"}:
            return Level.STATEMENT
        return Level.RECORD if any(each.newest for each in self.records) else Level.NONE

    @property
    def is_gap(self) -> bool:
        """Tell whether nothing speaks for a control that counts."""
        return self.control.counts and self.level == Level.NONE

    @property
    def verdict(self) -> str | None:
        """Return the worst that scans found, None where no result is about the control."""
        return next((state for state in VERDICTS if self.by_state.get(state)), None)

    @property
    def missing(self) -> str:
        """Return what would close a gap, as far as is known; empty where there is none."""
        if not self.is_gap:
            return ""
        if self.manual:
            return "A manual rule holds, and nobody attests it."
        if any(statement.state == "planned" for statement in self.statements):
            return "It is planned."
        if self.records:
            return "The registry would keep records of it, and has none yet."
        return "No policy in force names it, and nobody states how it is met."


@dataclass(frozen=True)
class Coverage:
    """How many of the controls that count are at each level.

    Bare ids and withdrawn controls are counted apart and are part of no share; what is stated not
    to apply is left out of the whole too.
    """

    by_level: Mapping[Level, int]
    unverified: int
    withdrawn: int
    is_share: bool

    @property
    def total(self) -> int:
        """Return how many controls apply and count."""
        return sum(self.by_level[level] for level in SHOWN_LEVELS)

    def count(self, level: Level) -> int:
        """Return how many are at the level."""
        return self.by_level[level]

    def percent(self, level: Level) -> float | None:
        """Return their share to a tenth, rounded down, so that 100.0 means all; None where the
        catalogue is not complete, or nothing counts."""
        if not self.is_share or not self.total:
            return None
        return 1000 * self.by_level[level] // self.total / 10

    @property
    def covered_percent(self) -> float | None:
        """Return the share of controls that anything speaks for."""
        if not self.is_share or not self.total:
            return None
        return 1000 * (self.total - self.by_level[Level.NONE]) // self.total / 10


@dataclass(frozen=True)
class FrameworkStanding:
    """A framework with the standing of each of its controls, in the framework's order."""

    framework: Framework
    controls: tuple[ControlStanding, ...]

    @cached_property
    def coverage(self) -> Coverage:
        """Return how many controls are at each level."""
        counted = Counter(each.level for each in self.controls if each.control.counts)
        return Coverage(
            by_level={level: counted[level] for level in Level},
            unverified=self.framework.unverified,
            withdrawn=self.framework.withdrawn,
            is_share=self.framework.is_complete,
        )

    @property
    def gaps(self) -> tuple[ControlStanding, ...]:
        """Return the controls that nothing speaks for."""
        return tuple(each for each in self.controls if each.is_gap)

    @property
    def failing(self) -> int:
        """Return of how many controls a policy failed."""
        return sum(each.verdict in {"fail", "conflict"} for each in self.controls)
