"""Whose approvals count: roles, different people for different roles, and age."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, InvalidInput
from registry.models import Promotion, Workspace
from registry.queries.promotions import awaiting
from registry.services import rules
from registry.services.promotions import decide
from tests.factories import administrator, grant, make_model, member
from tests.registry.conftest import Team

pytestmark = pytest.mark.django_db


def set_rule(place: Workspace, **terms: Any) -> None:
    rules.set_rule(actor=administrator(), workspace=place.slug, **terms)


@pytest.fixture
def waiting(team: Team) -> Promotion:
    """A promotion that an approver and an auditor must agree to, each a person of its own."""
    set_rule(team.prod, conditions={"distinct_roles": ["approver", "auditor"]})
    return team.promote(make_model(team.dev))


def test_each_role_needs_a_person_of_its_own(team: Team, waiting: Promotion) -> None:
    both, another = team.approver(), team.approver()
    grant(both, team.prod, "auditor")

    assert waiting.required_approvals == 2
    assert team.approve(waiting, by=both).status == "awaiting_approval"
    assert team.approve(waiting, by=another).status == "completed"


def test_a_role_that_a_rule_calls_on_may_decide_and_sees_it_in_the_inbox(
    team: Team, waiting: Promotion
) -> None:
    auditor, reader = member(team.prod, "auditor"), member(team.prod, "reader")

    assert list(awaiting(auditor)) == [waiting]
    assert list(awaiting(reader)) == []
    team.approve(waiting, by=team.approver())
    assert team.approve(waiting, by=auditor).status == "completed"


def test_two_of_one_role_do_not_make_up_for_the_other(team: Team, waiting: Promotion) -> None:
    team.approve(waiting, by=team.approver())

    assert team.approve(waiting, by=team.approver()).status == "awaiting_approval"


def test_a_token_that_may_not_approve_does_not_by_a_role_either(
    team: Team, waiting: Promotion
) -> None:
    narrow = replace(member(team.prod, "auditor"), scopes=frozenset({"view_workspace"}))

    with pytest.raises(AccessDenied):
        team.approve(waiting, by=narrow)
    assert list(awaiting(narrow)) == []


def test_a_role_called_on_for_models_has_no_say_about_prompts(team: Team) -> None:
    set_rule(team.prod, required_approvals=1)
    set_rule(team.prod, kind="prompt", conditions={"distinct_roles": ["auditor"]})
    waiting = team.promote(make_model(team.dev))

    auditor = member(team.prod, "auditor")

    assert list(awaiting(auditor)) == []
    with pytest.raises(AccessDenied):
        team.approve(waiting, by=auditor)


def test_only_approvals_of_the_named_roles_count(team: Team) -> None:
    set_rule(team.prod, required_approvals=1, conditions={"approver_roles": ["admin"]})
    waiting = team.promote(make_model(team.dev))

    assert team.approve(waiting, by=team.approver()).status == "awaiting_approval"
    # An administrator of the organisation stands for an admin.
    assert team.approve(waiting, by=administrator()).status == "completed"


def test_an_approval_that_is_too_old_counts_no_more(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rule(team.prod, required_approvals=2, conditions={"approval_max_age_days": 3})
    waiting = team.promote(make_model(team.dev))
    team.approve(waiting, by=team.approver())
    later = timezone.now() + timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert team.approve(waiting, by=team.approver()).status == "awaiting_approval"
    assert team.approve(waiting, by=team.approver()).status == "completed"


def test_nobody_approves_without_saying_what(team: Team, waiting: Promotion) -> None:
    with pytest.raises(InvalidInput) as caught:
        decide.decide(actor=team.approver(), promotion=waiting.uuid, decision="approved")

    assert caught.value.errors[0].field == "binding"
