"""What the address of a lineage page asks, and addresses that ask a little differently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core.errors import FieldError, InvalidInput
from lineage.drawing.folding import DOWN, UP, Wishes
from lineage.graph import Direction
from lineage.graph.exploration import DEFAULT_DEPTH, MAX_DEPTH

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

MOST_WISHES = 200


@dataclass(frozen=True)
class Asked:
    """The node, how much of its graph, as of when, and how it is drawn."""

    node: str
    direction: str = Direction.BOTH
    depth: int = DEFAULT_DEPTH
    as_of: datetime | None = None
    has_lanes: bool = False
    rolls_up: bool = False
    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()

    @property
    def wishes(self) -> Wishes:
        """Return what the picture is to show."""
        return Wishes(self.opened, self.shut, self.rolls_up)

    @property
    def query(self) -> str:
        """Return the part of an address that asks this."""
        values: dict[str, object] = {"node": self.node}
        if self.direction != Direction.BOTH:
            values["direction"] = self.direction
        if self.depth != DEFAULT_DEPTH:
            values["depth"] = self.depth
        if self.as_of is not None:
            values["as_of"] = written(self.as_of)
        values |= {"lanes": "1"} if self.has_lanes else {}
        values |= {"roll_up": "1"} if self.rolls_up else {}
        values |= {"open": sorted(self.opened), "shut": sorted(self.shut)}
        return "?" + urlencode(values, doseq=True)

    def around(self, node: str) -> Asked:
        """Return the same about another node, where nothing has been opened or shut yet."""
        return replace(self, node=node, opened=frozenset(), shut=frozenset())

    def opening(self, side: str) -> Asked:
        """Return the same with that side of a node opened."""
        return replace(self, opened=self.opened | {side}, shut=self.shut - {side})

    def shutting(self, side: str) -> Asked:
        """Return the same with that side of a node shut."""
        return replace(self, opened=self.opened - {side}, shut=self.shut | {side})

    def deeper(self, by: int) -> Asked:
        """Return the same with more levels."""
        return replace(self, depth=min(self.depth + by, MAX_DEPTH))

    def now(self) -> Asked:
        """Return the same as it is now."""
        return replace(self, as_of=None)


def written(moment: datetime) -> str:
    """Return a moment as addresses and fields write it: UTC, to the second, rounded up, so that
    what happened at it is seen as of it."""
    whole = moment.astimezone(UTC)
    if whole.microsecond:
        whole = whole.replace(microsecond=0) + timedelta(seconds=1)
    return whole.strftime("%Y-%m-%dT%H:%M:%S")


def asked(parameters: QueryDict) -> Asked:
    """Return what the parameters ask; raises InvalidInput that names each field that cannot be."""
    wrong = []
    depth, as_of = DEFAULT_DEPTH, None
    direction = parameters.get("direction") or Direction.BOTH
    if direction not in tuple(Direction):
        wrong.append(FieldError("direction", f"must be one of {', '.join(Direction)}"))
    try:
        depth = _depth(parameters.get("depth", "").strip())
    except ValueError:
        wrong.append(FieldError("depth", f"must be a number from 0 to {MAX_DEPTH}"))
    try:
        as_of = moment(parameters.get("as_of", "").strip())
    except (ValueError, OverflowError):
        wrong.append(FieldError("as_of", "must be a date and time, as 2026-03-01T12:00"))
    if wrong:
        raise InvalidInput("The graph was not read.", errors=wrong)
    return Asked(
        parameters.get("node", "").strip(),
        direction,
        depth,
        as_of,
        has_lanes=bool(parameters.get("lanes")),
        rolls_up=bool(parameters.get("roll_up")),
        opened=_sides(parameters.getlist("open")),
        shut=_sides(parameters.getlist("shut")),
    )


def _depth(text: str) -> int:
    depth = int(text) if text else DEFAULT_DEPTH
    if not 0 <= depth <= MAX_DEPTH:
        raise ValueError
    return depth


def moment(text: str) -> datetime | None:
    """Return the moment of a date, or of a date with a time; without an offset it is UTC."""
    if not text:
        return None
    moment = parse_datetime(text)
    if moment is None:
        if parse_date(text) is None:
            raise ValueError
        moment = parse_datetime(f"{text}T23:59:59")
    assert moment is not None  # a date that can be read has an end
    moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def _sides(values: list[str]) -> frozenset[str]:
    starts = (f"{UP}:", f"{DOWN}:", "all:")
    return frozenset(each for each in values[:MOST_WISHES] if each.startswith(starts))
