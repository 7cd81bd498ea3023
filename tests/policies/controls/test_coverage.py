"""How far policies reach into a framework."""

from __future__ import annotations

from policies.packs.controls import Control, Framework
from policies.packs.coverage import FrameworkCoverage, Level, Supporter, coverage

RULE, RECORD = "configuration/Acme/workspaces", "configuration/governance/roles"


def framework(*names: str, is_complete: bool = True) -> Framework:
    controls = tuple(Control(f"law/{name}", name, "", is_verified=False) for name in names)
    return Framework("law", "A law", "A source", is_complete, "part", "", controls)


def policy(name: str, *controls: str, kind: str = RULE, is_assigned: bool = False) -> Supporter:
    return Supporter.of(name, controls=controls, input_kinds=[kind], is_assigned=is_assigned)


def levels(found: FrameworkCoverage) -> dict[str, str]:
    return {each.control.name: each.level.value for each in found.controls}


def test_a_rule_makes_a_control_automatic_and_a_record_makes_it_manual() -> None:
    found = coverage(
        framework("1", "2", "3"),
        [policy("closed", "law/1"), policy("roles", "law/1", "law/2", kind=RECORD)],
    )

    assert levels(found) == {"1": "automatic", "2": "manual", "3": "none"}
    assert (found.controls[0].automatic, found.controls[0].manual) == (("closed",), ("roles",))


def test_a_policy_that_also_judges_what_a_platform_tells_is_automatic() -> None:
    mixed = Supporter.of("mixed", controls=["law/1"], input_kinds=[RECORD, RULE])

    assert levels(coverage(framework("1"), [mixed])) == {"1": "automatic"}


def test_a_control_of_another_framework_covers_nothing_here() -> None:
    assert levels(coverage(framework("1"), [policy("closed", "custom/1", "law/10")])) == {
        "1": "none"
    }


def test_counts_add_up_and_shares_are_of_all_controls() -> None:
    found = coverage(
        framework("1", "2", "3"), [policy("closed", "law/1"), policy("roles", "law/2", kind=RECORD)]
    )

    counts = found.available
    assert counts.total == 3
    assert (counts.automatic_percent, counts.manual_percent, counts.none_percent) == (33.3,) * 3


def test_shares_are_rounded_down_so_that_all_means_all() -> None:
    names = [str(number) for number in range(2000)]

    found = coverage(framework(*names), [policy("closed", *(f"law/{name}" for name in names[1:]))])

    assert found.available.automatic_percent == 99.9


def test_a_catalogue_that_is_not_whole_gives_no_shares() -> None:
    found = coverage(framework("1", is_complete=False), [policy("closed", "law/1")])

    assert found.available.automatic == 1
    assert found.available.automatic_percent is None


def test_only_what_is_assigned_counts_as_assigned() -> None:
    found = coverage(
        framework("1", "2"),
        [
            policy("closed", "law/1"),
            policy("roles", "law/1", "law/2", kind=RECORD, is_assigned=True),
        ],
    )

    assert [each.assigned for each in found.controls] == [Level.MANUAL, Level.MANUAL]
    assert [each.level for each in found.controls] == [Level.AUTOMATIC, Level.MANUAL]


def test_a_policy_stands_once_though_an_older_version_of_it_is_assigned() -> None:
    found = coverage(
        framework("1"), [policy("closed", "law/1"), policy("closed", "law/1", is_assigned=True)]
    )

    assert found.controls[0].automatic == ("closed",)
    assert found.assigned.automatic == 1


def test_a_rule_that_people_attest_is_assigned_by_hand_though_it_could_be_checked() -> None:
    attested = Supporter.of(
        "closed", controls=["law/1"], input_kinds=[RULE], is_assigned=True, is_attested=True
    )

    (found,) = coverage(framework("1"), [policy("closed", "law/1"), attested]).controls

    assert (found.level, found.assigned) == (Level.AUTOMATIC, Level.MANUAL)
    assert (found.automatic, found.manual) == (("closed",), ())
