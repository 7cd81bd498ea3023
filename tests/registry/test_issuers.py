"""A token that somebody issued for another account stands for who issued it, too."""

from __future__ import annotations

import pytest

from core.actors import Actor, Via
from core.errors import AccessDenied
from registry.queries.issuers import acts_for, issuers_of
from registry.services import tokens
from tests.factories import make_actor, make_admin
from tests.registry.conftest import make_team

pytestmark = pytest.mark.django_db


def token_of(holder: Actor, *, by: Actor) -> Actor:
    """The holder, with a token that somebody issued for the account."""
    assert holder.user is not None
    return tokens.authenticate(tokens.issue(actor=by, user=holder.user).text)


def test_nobody_decides_on_their_own_request_with_a_token_of_somebody_else() -> None:
    team = make_team(required_approvals=1)
    admin, approver = make_admin("root"), team.approver()
    promotion = team.promote(team.flow(), actor=admin)

    borrowed = token_of(approver, by=admin)
    with pytest.raises(AccessDenied, match="nor with a token that they issued"):
        team.approve(promotion, by=borrowed)
    # Nor with a token that the borrowed one made for its holder.
    with pytest.raises(AccessDenied, match="nor with a token that they issued"):
        team.approve(promotion, by=token_of(approver, by=borrowed))

    assert team.approve(promotion, by=token_of(approver, by=approver)).status == "completed"


def test_a_token_is_of_who_issued_it_for_another_account_alone() -> None:
    admin, robot, person = make_admin("root"), make_actor("robot"), make_actor("person")
    operator = Actor(user=None, via=Via.COMMAND)
    given, own, made = (token_of(robot, by=by) for by in (admin, robot, operator))

    found = issuers_of([given.credential, own.credential, made.credential, "", "nothing"])

    assert admin.user is not None
    assert {prefix: who["id"] for prefix, who in found.items()} == {
        given.credential: str(admin.user.uuid)
    }
    assert acts_for(given, admin.user)
    assert acts_for(given, robot.user)
    assert not acts_for(given, person.user)
    assert not acts_for(own, admin.user)
