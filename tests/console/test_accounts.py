from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from console.services import accounts, schedules
from core.actors import Actor, Via
from core.errors import AccessDenied, AuthenticationRequired, Conflict, InvalidInput
from core.models import JournalEntry
from registry import access
from registry.permissions import Permission
from registry.services import members, tokens
from tests import factories
from tests.console.pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Actor:
    return factories.make_admin()


def last_action() -> str:
    entry = JournalEntry.objects.order_by("-pk").first()
    assert entry is not None
    return entry.action


def test_a_new_account_has_neither_password_nor_rights(administrator: Actor) -> None:
    user = accounts.create(actor=administrator, username="reviewer", full_name="R. Viewer")

    assert not user.has_usable_password()
    assert not user.is_superuser
    assert access.visible_workspaces(factories.as_actor(user)).count() == 0
    assert last_action() == "console.account.created"


@pytest.mark.parametrize("name", ["", " x", "a/b", "x" * 151, "a\x00b", "név"])
def test_a_name_that_a_reference_could_not_hold_is_refused(administrator: Actor, name: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.create(actor=administrator, username=name)


def test_a_name_is_taken_once(administrator: Actor) -> None:
    accounts.create(actor=administrator, username="reviewer")

    with pytest.raises(Conflict):
        accounts.create(actor=administrator, username="reviewer")


def test_a_password_is_checked_set_and_never_journalled(administrator: Actor) -> None:
    accounts.create(actor=administrator, username="reviewer")
    with pytest.raises(InvalidInput):
        accounts.set_password(actor=administrator, username="reviewer", password="12345")

    accounts.set_password(actor=administrator, username="reviewer", password="quite long enough")

    entry = JournalEntry.objects.get(action="console.account.password_set")
    assert authenticate(username="reviewer", password="quite long enough") is not None
    assert b"quite long enough" not in bytes(entry.body)


def test_a_person_s_own_new_password_is_journalled(administrator: Actor) -> None:
    user = accounts.create(actor=administrator, username="auditor-2")
    accounts.set_password(actor=administrator, username="auditor-2", password="old-and-long-1234")
    user.refresh_from_db()
    window = browser(Actor(user=user, via=Via.SESSION))
    fields = {
        "old_password": "old-and-long-1234",
        "new_password1": "new-and-long-5678",
        "new_password2": "new-and-long-5678",
    }

    answer = window.post(reverse("admin:password_change"), fields)

    assert answer.status_code == 302, answer.content.decode()
    user.refresh_from_db()
    assert user.check_password("new-and-long-5678")
    entry = JournalEntry.objects.latest("id")
    assert (entry.action, entry.actor) == ("console.account.password_set", user.uuid)
    assert b"new-and-long" not in bytes(entry.body)
    assert window.get(reverse("admin:index")).status_code == 200


def test_a_program_gets_no_password(administrator: Actor) -> None:
    accounts.create(actor=administrator, username="robot", kind="service")

    with pytest.raises(InvalidInput, match="API token"):
        accounts.set_password(actor=administrator, username="robot", password="quite long enough")


def test_a_disabled_account_s_token_stops_at_once(administrator: Actor) -> None:
    user = accounts.create(actor=administrator, username="reviewer")
    issued = tokens.issue(actor=administrator, user=user)

    accounts.switch(actor=administrator, username="reviewer", enabled=False)

    with pytest.raises(AuthenticationRequired):
        tokens.authenticate(issued.text)
    with pytest.raises(Conflict):
        accounts.switch(actor=administrator, username="reviewer", enabled=False)
    accounts.switch(actor=administrator, username="reviewer", enabled=True)
    assert tokens.authenticate(issued.text).user == user


def test_a_member_of_a_group_has_the_group_s_rights_while_in_it(administrator: Actor) -> None:
    place = factories.make_workspace()
    actor = factories.as_actor(accounts.create(actor=administrator, username="reviewer"))
    accounts.create_group(actor=administrator, name="team")
    members.grant(actor=administrator, workspace=place.slug, role="reader", group="team")

    accounts.join(actor=administrator, group="team", username="reviewer")
    assert access.allows(actor, Permission.VIEW, place.pk)

    accounts.leave(actor=administrator, group="team", username="reviewer")
    assert not access.allows(actor, Permission.VIEW, place.pk)
    assert last_action() == "console.group.changed"


def test_nobody_joins_twice_or_leaves_what_they_are_not_in(administrator: Actor) -> None:
    accounts.create(actor=administrator, username="reviewer")
    accounts.create_group(actor=administrator, name="team")
    with pytest.raises(Conflict):
        accounts.leave(actor=administrator, group="team", username="reviewer")

    accounts.join(actor=administrator, group="team", username="reviewer")

    with pytest.raises(Conflict):
        accounts.join(actor=administrator, group="team", username="reviewer")


def test_only_administrators_of_the_organisation_manage_accounts() -> None:
    actor = factories.member(factories.make_workspace(), "admin")

    for attempt in (
        lambda: accounts.create(actor=actor, username="x"),
        lambda: accounts.set_password(actor=actor, username="x", password="quite long enough"),
        lambda: accounts.switch(actor=actor, username="x", enabled=False),
        lambda: accounts.create_group(actor=actor, name="x"),
        lambda: accounts.join(actor=actor, group="x", username="x"),
        lambda: schedules.switch(actor=actor, schedule=1, enabled=False),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_a_schedule_is_switched_and_journalled(administrator: Actor) -> None:
    row = PeriodicTask.objects.filter(enabled=True).first()
    assert row is not None

    schedules.switch(actor=administrator, schedule=row.pk, enabled=False)

    row.refresh_from_db()
    assert not row.enabled
    assert last_action() == "console.schedule.switched"
    with pytest.raises(Conflict):
        schedules.switch(actor=administrator, schedule=row.pk, enabled=False)
