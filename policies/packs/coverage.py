"""How far policies reach into a framework: by a rule, by a person's word alone, or not. Plain
Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from policies.packs.controls import Control, Framework

# What is said by people and recorded as a resource, or attested; no platform tells it.
MANUAL_KIND = "configuration/governance/"


class Level(StrEnum):
    """The best that covers a control."""

    AUTOMATIC = auto()
    MANUAL = auto()
    NONE = auto()


LEVELS = [(level.value, level.value) for level in Level]


@dataclass(frozen=True, slots=True)
class Supporter:
    """A policy as far as coverage goes: its name and the controls that it refers to."""

    name: str
    controls: frozenset[str]
    is_manual: bool
    is_assigned: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        *,
        controls: Iterable[str],
        input_kinds: Sequence[str],
        is_assigned: bool = False,
        is_attested: bool = False,
    ) -> Supporter:
        """A policy by its METADATA. It is manual where all that it judges is people's word, and
        where it is assigned so that people answer it (`is_attested`)."""
        is_manual = is_attested or all(kind.startswith(MANUAL_KIND) for kind in input_kinds)
        return cls(name, frozenset(controls), is_manual, is_assigned)


@dataclass(frozen=True, slots=True)
class ControlCoverage:
    """One control and the policies that refer to it, by name.

    `assigned` is the level that the assigned ones among them give: what people attest is manual,
    though a rule could check it.
    """

    control: Control
    automatic: tuple[str, ...]
    manual: tuple[str, ...]
    assigned: Level

    @property
    def level(self) -> Level:
        """The level that all of them give."""
        return _level(bool(self.automatic), bool(self.manual))


@dataclass(frozen=True, slots=True)
class Counts:
    """Of how many controls; shares in per cent, none where the catalogue is not complete."""

    automatic: int
    manual: int
    none: int
    is_share: bool

    @property
    def total(self) -> int:
        """All controls."""
        return self.automatic + self.manual + self.none

    @property
    def automatic_percent(self) -> float | None:
        """The share that a rule checks, or a part of each."""
        return self._percent(self.automatic)

    @property
    def manual_percent(self) -> float | None:
        """The share that only people's word covers."""
        return self._percent(self.manual)

    @property
    def none_percent(self) -> float | None:
        """The share that no policy refers to."""
        return self._percent(self.none)

    def _percent(self, count: int) -> float | None:
        """To a tenth, rounded down, so that 100.0 means all."""
        return 1000 * count // self.total / 10 if self.is_share and self.total else None


@dataclass(frozen=True, slots=True)
class FrameworkCoverage:
    """A framework with the coverage of each of its controls."""

    framework: Framework
    controls: tuple[ControlCoverage, ...]

    @property
    def size(self) -> int:
        """The number of controls."""
        return len(self.controls)

    @property
    def available(self) -> Counts:
        """By what policies there are."""
        return self._counts([each.level for each in self.controls])

    @property
    def assigned(self) -> Counts:
        """By what is assigned."""
        return self._counts([each.assigned for each in self.controls])

    def _counts(self, levels: Sequence[Level]) -> Counts:
        return Counts(
            automatic=levels.count(Level.AUTOMATIC),
            manual=levels.count(Level.MANUAL),
            none=levels.count(Level.NONE),
            is_share=self.framework.is_complete,
        )


def coverage(framework: Framework, supporters: Sequence[Supporter]) -> FrameworkCoverage:
    """The coverage of every control of the framework by these policies."""
    return FrameworkCoverage(
        framework, tuple(_covered(control, supporters) for control in framework.controls)
    )


def _covered(control: Control, supporters: Sequence[Supporter]) -> ControlCoverage:
    found = [each for each in supporters if control.reference in each.controls]
    automatic = {each.name for each in found if not each.is_manual}
    in_force = [each.is_manual for each in found if each.is_assigned]
    return ControlCoverage(
        control=control,
        automatic=tuple(sorted(automatic)),
        manual=tuple(sorted({each.name for each in found} - automatic)),
        assigned=_level(False in in_force, True in in_force),
    )


def _level(is_automatic: bool, is_manual: bool) -> Level:
    if is_automatic:
        return Level.AUTOMATIC
    return Level.MANUAL if is_manual else Level.NONE
