"""Whether the approvals given are those that a rule asks for."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.approvals import Demand, Given, missing

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ROLES = ["approver", "auditor", "admin"]


def people(*roles: set[str], age: int = 0) -> list[Given]:
    """One person per set of roles."""
    at = NOW - timedelta(days=age)
    return [Given(number, frozenset(held), at) for number, held in enumerate(roles)]


def test_it_takes_as_many_people_as_are_asked_for() -> None:
    demand = Demand(2)

    lacking = missing(demand, people({"approver"}), now=NOW)

    assert lacking is not None
    assert (lacking.people, lacking.roles) == (1, ())
    assert missing(demand, people({"approver"}, {"admin"}), now=NOW) is None


def test_only_holders_of_the_named_roles_count() -> None:
    demand = Demand(1, roles=frozenset({"admin"}))

    assert missing(demand, people({"approver"}), now=NOW) is not None
    assert missing(demand, people({"approver", "admin"}), now=NOW) is None


def test_one_person_does_not_speak_for_two_roles() -> None:
    demand = Demand(1, distinct_roles=frozenset({"approver", "auditor"}))
    both = {"approver", "auditor"}

    lacking = missing(demand, people(both), now=NOW)

    assert lacking is not None
    assert (lacking.people, len(lacking.roles)) == (1, 1)
    assert missing(demand, people(both, {"approver"}), now=NOW) is None
    assert missing(demand, people(both, {"deployer"}), now=NOW) is not None


def test_an_old_approval_counts_no_more() -> None:
    demand = Demand(1, max_age_days=7)

    assert missing(demand, people({"approver"}, age=7), now=NOW) is None
    assert missing(demand, people({"approver"}, age=8), now=NOW) is not None


@given(
    st.lists(st.sets(st.sampled_from(ROLES)), max_size=4),
    st.sets(st.sampled_from(ROLES), min_size=1),
)
def test_distinct_roles_are_met_exactly_when_people_can_be_told_apart(
    held: list[set[str]], distinct: set[str]
) -> None:
    roles = sorted(distinct)
    possible = any(
        all(role in held[person] for role, person in zip(roles, seats, strict=True))
        for seats in itertools.permutations(range(len(held)), len(roles))
    )

    found = missing(Demand(0, distinct_roles=frozenset(distinct)), people(*held), now=NOW)

    assert (found is None) == possible
