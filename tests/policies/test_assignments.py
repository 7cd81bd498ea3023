"""What can be assigned where, by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.actors import Actor
from core.errors import AccessDenied, Conflict, InvalidInput
from core.models import JournalEntry
from policies.models import Assignment
from policies.services import assignments, sets
from policies.services.terms import Terms
from tests.factories import administrator, make_workspace, member
from tests.policies.estate import (
    assign,
    make_policy,
    store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.mark.parametrize("effect", ["deny", "require_approval"])
def test_a_version_that_opa_has_not_checked_cannot_gate(effect: str) -> None:
    workspace, unchecked = make_workspace(), make_policy(checked=False)

    with pytest.raises(InvalidInput, match="may audit or warn"):
        assign(unchecked, workspace, effect)
    assert not assign(unchecked, workspace, "warn").gates


def test_one_unchecked_member_keeps_a_set_from_gating() -> None:
    members = [make_policy(), make_policy(checked=False)]
    chosen = sets.create_version(
        actor=administrator(),
        name="mixed",
        title="Mixed",
        members=[{"policy": each.reference} for each in members],
    )
    terms = Terms(effect="deny")

    with pytest.raises(InvalidInput, match=members[1].reference):
        assignments.assign(
            actor=administrator(),
            scope="organisation",
            policy_set=chosen.reference,
            terms=terms,
        )


def test_an_assignment_stays_with_the_version_that_it_was_made_for() -> None:
    first = make_policy()
    assigned = assign(first, make_workspace(), "audit")

    store(first.policy.name, f"{first.source}# changed\n")

    assert Assignment.objects.get(pk=assigned.pk).policy_version == first


@pytest.mark.parametrize(
    ("scope", "field"),
    [
        ("workspace/nowhere", "scope"),
        ("stage/moon", "scope"),
        ("galaxy", "scope"),
        ("organisation/x", "scope"),
    ],
)
def test_a_scope_that_is_none_is_refused(scope: str, field: str) -> None:
    policy = make_policy()

    with pytest.raises(InvalidInput) as caught:
        assignments.assign(
            actor=administrator(),
            scope=scope,
            policy=policy.reference,
            terms=Terms(effect="audit"),
        )

    assert caught.value.errors[0].field == field


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"effect": "explode"}, "effect"),
        ({"effect": "audit", "parameters": {"typo": 1}}, "parameters"),
        ({"effect": "audit", "excluded": ["nowhere"]}, "excluded"),
        ({"effect": "audit", "parameters": {"why": "x" * 70_000}}, "parameters"),
    ],
)
def test_terms_that_mean_nothing_are_refused(terms: dict[str, object], field: str) -> None:
    policy = make_policy(parameters=("why",))

    with pytest.raises(InvalidInput) as caught:
        assignments.assign(
            actor=administrator(),
            scope="organisation",
            policy=policy.reference,
            terms=Terms(**terms),  # type: ignore[arg-type]  # that is the test
        )

    assert caught.value.errors[0].field == field
    assert not Assignment.objects.exists()


def test_a_workspace_admin_rules_the_workspace_and_no_more() -> None:
    workspace, other = make_workspace(), make_workspace()
    admin, policy = member(workspace, "admin"), make_policy()

    def attempt(scope: str) -> Callable[[], Assignment]:
        return lambda: assignments.assign(
            actor=admin,
            scope=scope,
            policy=policy.reference,
            terms=Terms(effect="audit"),
        )

    assert attempt(f"workspace/{workspace.slug}")().assigned_by == admin.user
    with pytest.raises(InvalidInput):
        attempt(f"workspace/{other.slug}")()
    for wide in ("organisation", "stage/production"):
        with pytest.raises(AccessDenied):
            attempt(wide)()


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_other_roles_do_not_assign(role: str) -> None:
    workspace = make_workspace()
    policy = make_policy()

    with pytest.raises(AccessDenied):
        assignments.assign(
            actor=member(workspace, role),
            scope=f"workspace/{workspace.slug}",
            policy=policy.reference,
            terms=Terms(effect="audit"),
        )


def test_an_assignment_ends_once() -> None:
    workspace = make_workspace()
    assigned = assign(make_policy(), workspace)
    admin: Actor = member(workspace, "admin")

    ended = assignments.end(actor=admin, assignment=assigned.uuid, reason="replaced")

    assert (ended.ended_by, ended.valid_to is not None) == (admin.user, True)
    with pytest.raises(Conflict):
        assignments.end(actor=admin, assignment=assigned.uuid)
    actions = JournalEntry.objects.filter(action__startswith="policies.assignment.")
    assert [entry.action for entry in actions.order_by("id")] == [
        "policies.assignment.created",
        "policies.assignment.ended",
    ]
