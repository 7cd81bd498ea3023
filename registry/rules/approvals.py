"""Whether the approvals that were given are those that the rules ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Demand:
    """What one rule asks for: so many people, of these roles, and not too long ago.

    With ``roles`` only their holders count; for each of ``distinct_roles`` somebody of its own
    must be among them.
    """

    count: int
    roles: frozenset[str] = frozenset()
    distinct_roles: frozenset[str] = frozenset()
    max_age_days: int | None = None

    @property
    def people(self) -> int:
        """Return how many people it takes at least."""
        return max(self.count, len(self.distinct_roles), 1 if self.roles else 0)

    @property
    def named_roles(self) -> frozenset[str]:
        """Return every role that it names."""
        return self.roles | self.distinct_roles


@dataclass(frozen=True)
class Given:
    """One person's approval, with the roles that the person holds now."""

    person: int
    roles: frozenset[str]
    at: datetime


@dataclass(frozen=True)
class Missing:
    """What a demand still lacks: people, and roles that nobody has spoken for."""

    people: int
    roles: tuple[str, ...]


def missing(demand: Demand, given: Sequence[Given], *, now: datetime) -> Missing | None:
    """Return what ``demand`` still lacks, None when it is met."""
    counting = [each for each in given if _counts(demand, each, now=now)]
    unspoken = tuple(sorted(demand.distinct_roles - set(_assigned(demand, counting))))
    people = max(demand.people - len(counting), len(unspoken))
    return Missing(people, unspoken) if people > 0 else None


def _counts(demand: Demand, given: Given, *, now: datetime) -> bool:
    if demand.max_age_days is not None and given.at < now - timedelta(days=demand.max_age_days):
        return False
    return not demand.roles or bool(given.roles & (demand.roles | demand.distinct_roles))


def _assigned(demand: Demand, given: Sequence[Given]) -> dict[str, int]:
    """Return a person for as many of the distinct roles as there can be: a maximum matching."""
    holder: dict[str, int] = {}
    roles_of = {each.person: each.roles for each in given}

    def seat(person: int, tried: set[str]) -> bool:
        for role in sorted(roles_of[person] & demand.distinct_roles - tried):
            tried.add(role)
            if role not in holder or seat(holder[role], tried):
                holder[role] = person
                return True
        return False

    for person in roles_of:
        seat(person, set())
    return holder
