"""Many rows at once give what the ORM's own bulk methods give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.bulk_loading import MAX_ROWS
from core.bulk_rows import insert_rows, make_row, update_rows
from core.models import Task, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def rows(count: int, user: User) -> list[Task]:
    return [
        make_row(
            Task,
            {
                "name": f"test.{number}",
                "payload": {"n": number, "text": "grün"},
                "run_after": WHEN,
            },
            {"requested_by": user},
        )
        for number in range(count)
    ]


def columns(task: Task) -> dict[str, Any]:
    return {field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields}


def test_a_made_row_is_what_the_constructor_makes() -> None:
    user = make_user()
    (made,) = rows(1, user)
    constructed = Task(
        name="test.0",
        payload={"n": 0, "text": "grün"},
        run_after=WHEN,
        requested_by=user,
        uuid=made.uuid,
        created_at=made.created_at,
    )

    assert columns(made) == columns(constructed)
    assert made.requested_by is user
    assert made._state.adding


def test_written_rows_have_ids_in_order_and_read_back_as_they_were() -> None:
    user = make_user()
    made = rows(MAX_ROWS + 3, user)

    with CaptureQueriesContext(connection) as queries:
        written = insert_rows(made)

    assert len(queries) <= 2
    assert [task.pk for task in written] == sorted(task.pk for task in written)
    stored = {task.pk: task for task in Task.objects.all()}
    assert all(columns(stored[task.pk]) == columns(task) for task in written)
    assert not written[0]._state.adding


def test_no_rows_are_no_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert insert_rows([]) == []
        update_rows([], ["name"])

    assert len(queries) == 0


def test_changed_rows_are_written_by_their_ids_and_nothing_else_is() -> None:
    first, second, other = insert_rows(rows(3, make_user()))
    first.payload, second.payload = {"n": [1]}, {"n": None}
    first.run_after = WHEN.replace(year=2027)
    other.name = "not written"

    update_rows([first, second], ["payload", "run_after"])

    assert [task.payload for task in Task.objects.order_by("id")][:2] == [{"n": [1]}, {"n": None}]
    assert Task.objects.get(pk=first.pk).run_after == first.run_after
    assert Task.objects.get(pk=other.pk).name == "test.2"


def test_what_a_constraint_refuses_is_refused() -> None:
    user = make_user()
    (twin,) = rows(1, user)
    insert_rows([twin])
    again = make_row(Task, {"uuid": twin.uuid, "name": "test.again"}, {"requested_by": user})
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([again])
