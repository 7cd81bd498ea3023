"""Foreign keys that PostgreSQL checks once for each statement; SQLite has its own checks."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from core import sequencer
from core.actors import system
from core.journal import publish
from core.models import JournalSequence
from core.reference_checks import CheckInBulk
from tests.core.test_guards import OPERATIONS, triggers
from tests.core.test_journal import denied

pytestmark = pytest.mark.django_db
NOWHERE = 10**9
PLACED = JournalSequence._meta


def refers_by_constraint() -> bool:
    """Whether the database has the constraint of the key."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, PLACED.db_table)
    return any(one["foreign_key"] and one["columns"] == ["entry_id"] for one in found.values())


@transaction.atomic
def place(*entries: int) -> None:
    """Write places as they come, and have the database look at them."""
    JournalSequence.objects.bulk_create(
        JournalSequence(seq=seq, entry_id=entry) for seq, entry in enumerate(entries)
    )
    connection.check_constraints()


def test_every_declared_check_is_in_the_database() -> None:
    declared = [item for _, item in OPERATIONS if isinstance(item, CheckInBulk)]

    assert declared
    if connection.vendor == "postgresql":
        assert "core_journalsequence_entry_check" in triggers()
    assert refers_by_constraint() == (connection.vendor != "postgresql")


def test_no_place_is_given_to_what_is_not_there() -> None:
    (there, other) = (publish(denied(), actor=system()).pk for _ in range(2))

    with pytest.raises(IntegrityError, match=str(NOWHERE)):
        place(there, NOWHERE)

    assert not JournalSequence.objects.exists()
    assert sequencer.sequence_pending() == 2
    assert set(JournalSequence.objects.values_list("entry_id", flat=True)) == {there, other}


def test_the_constraint_comes_back_when_the_check_is_undone() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("other databases keep the constraint")
    check, state = CheckInBulk("JournalSequence", "entry"), ProjectState.from_apps(apps)

    with connection.schema_editor() as editor:
        check.database_backwards("core", editor, state, state)
    assert refers_by_constraint()
    assert "core_journalsequence_entry_check" not in triggers()

    with connection.schema_editor() as editor:
        check.database_forwards("core", editor, state, state)
    assert not refers_by_constraint()
    assert "core_journalsequence_entry_check" in triggers()
