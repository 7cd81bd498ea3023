"""Statements that are compiled once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import DateTimeField, F, IntegerField, UUIDField
from django.test.utils import CaptureQueriesContext

from core.models import JournalEntry, JournalPending, PersonalDatum, Task, User
from core.statements import Parameter, Statement, Update, insert, insert_all, insert_missing
from tests.factories import make_user

pytestmark = pytest.mark.django_db
BY_VALUE = Statement(
    lambda: PersonalDatum.objects.select_related("user").filter(value=Parameter("value"))
)
NAMES = Statement(
    lambda: (
        User.objects.filter(username__startswith="name-")
        .order_by("username")
        .values_list("username", flat=True)
    )
)


class Outside:
    """The connection, as if it had no transaction open."""

    in_atomic_block = False
    vendor = connection.vendor


def datum(user: User, value: str) -> PersonalDatum:
    """A row that nothing else needs."""
    return PersonalDatum(user=user, value=value, salt=b"s" * 32, commitment=f"sha256:{value}")


def entry() -> JournalEntry:
    """An entry as the journal writes it, but for its body."""
    return JournalEntry(
        occurred_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        action="a",
        outcome="ok",
        actor=uuid.uuid4(),
        actor_kind="user",
        via="token",
        subject="é",
        body=b"\x00{}",
        mac=b"m" * 32,
    )


def test_the_rows_are_those_of_the_queryset_with_what_it_joined() -> None:
    user = make_user("name-a")
    datum(user, "x").save()
    datum(user, "y").save()

    (found,) = BY_VALUE.all(value="y")

    assert found == PersonalDatum.objects.get(value="y")
    assert bytes(found.salt) == b"s" * 32
    with CaptureQueriesContext(connection) as captured:
        assert found.user == user
    assert len(captured) == 0


def test_every_run_takes_its_own_values() -> None:
    user = make_user("name-a")
    datum(user, "x").save()

    assert BY_VALUE.first(value="y") is None
    assert BY_VALUE.one(value="x").value == "x"
    assert BY_VALUE.first(value="' OR 1=1 --") is None
    with pytest.raises(LookupError):
        BY_VALUE.one(value="y")


def test_one_column_comes_as_values() -> None:
    make_user("name-b")
    make_user("name-a")

    assert NAMES.all() == ["name-a", "name-b"]


def test_a_value_of_a_field_is_stored_and_found_as_the_orm_does() -> None:
    written = insert(entry())
    found = Statement(
        lambda: JournalEntry.objects.filter(
            uuid=Parameter("uuid", UUIDField()), occurred_at=Parameter("at", DateTimeField())
        )
    ).one(uuid=written.uuid, at=written.occurred_at)

    assert found == JournalEntry.objects.get(pk=written.pk) == written
    for field in JournalEntry._meta.concrete_fields:
        assert _plain(getattr(found, field.attname)) == _plain(getattr(written, field.attname))


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_row_whose_key_is_another_rows_is_written_too() -> None:
    first, second = insert_all([entry(), entry()])

    insert_all([JournalPending(entry=first)])

    assert [row.entry_id for row in JournalPending.objects.all()] == [first.pk]
    assert second.pk != first.pk
    assert insert_all([]) == []


def test_a_row_that_is_there_stays_as_it_is() -> None:
    user = make_user("name-a")
    insert(datum(user, "x"))
    again = datum(user, "x")
    again.commitment = "sha256:other"

    insert_missing(again)

    assert PersonalDatum.objects.get(value="x").commitment == "sha256:x"


def test_an_update_gives_the_new_value_back() -> None:
    task = Task.objects.create(name="core.forget_requests", attempts=2)
    count = Update(
        lambda: Task.objects.filter(pk=Parameter("task")),
        attempts=F("attempts") + Parameter("by", IntegerField()),
        returning="attempts",
    )

    assert count.run(task=task.pk, by=3) == [5]
    assert count.run(task=task.pk, by=1) == [6]
    assert count.run(task=task.pk + 1, by=1) == []
    task.refresh_from_db()
    assert task.attempts == 6


def test_rows_are_locked_in_a_transaction_only(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user("name-a")
    locked = Statement(lambda: User.objects.select_for_update().filter(pk=Parameter("user")))

    with transaction.atomic():
        assert locked.all(user=user.pk) == [user]
    monkeypatch.setattr("core.statements.connection", Outside())
    with pytest.raises(transaction.TransactionManagementError):
        locked.all(user=user.pk)
