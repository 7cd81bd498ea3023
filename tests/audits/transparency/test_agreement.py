"""What stands beside the bytes that the log proves, after somebody wrote to the database."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import transaction

from audits import trail
from audits.services.transparency import keys
from audits.verifier import muniment_verify as verifier
from console import diagnosis
from core.actors import Actor, Via, system
from core.events import AccessWasDenied
from core.journal import publish
from core.models import JournalEntry, JournalPending, PersonalDatum
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import replace_the_key, without_guards
from tests.factories import make_admin, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=7)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log(settings: Any, tmp_path: Path) -> None:
    """A log of what the system and two people did, in a database without guards."""
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    journal(5)
    for name in ("maria", "paul"):
        with transaction.atomic():
            event = AccessWasDenied(subject="a/model/b/1", permission="view_workspace")
            publish(event, actor=Actor(user=make_user(name), via=Via.SESSION))
    grow()


@contextlib.contextmanager
def attack(rows: QuerySet[Any], **values: Any) -> Iterator[None]:
    """Write to rows as nothing of the product can, or remove them, for a while."""
    with transaction.atomic():
        assert rows.update(**values) if values else rows.delete()[0]
        yield
        transaction.set_rollback(True)


def verified() -> int:
    """The exit code of the command."""
    try:
        call_command("verify_audit")
    except SystemExit as error:
        return int(error.code or 0)
    return verifier.OK


def an_entry(*, about: str = "a/model/b/1") -> JournalEntry:
    found = JournalEntry.objects.filter(subject=about).order_by("id").first()
    assert found is not None
    return found


COLUMNS = {
    "occurred_at": LONG_AGO,
    "action": "tests.log.happened",
    "outcome": "success",
    "actor": None,
    "actor_kind": "system",
    "via": "token",
    "workspace": NOBODY,
    "subject": "another/model/b/1",
    "subject_digest": "sha256:0",
    "request_id": "another",
}


def test_an_untouched_database_agrees_with_its_journal(capsys: pytest.CaptureFixture[str]) -> None:
    assert verified() == verifier.OK
    count = JournalEntry.objects.count()
    assert f"the database says of {count} entries what they say" in capsys.readouterr().out


def test_a_column_that_says_something_else_than_the_bytes_is_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry, found = an_entry(), []
    without_guards()
    for column, value in COLUMNS.items():
        with attack(JournalEntry.objects.filter(pk=entry.pk), **{column: value}):
            assert verified() == verifier.CHANGED, column
        if f"other bytes than its {column} say" in capsys.readouterr().out:
            found.append(column)

    assert found == list(COLUMNS)
    assert verified() == verifier.OK


def test_what_people_are_shown_comes_from_the_bytes() -> None:
    admin, entry = make_admin("root"), an_entry()
    (before,) = trail.describe([entry])

    without_guards()
    rows = JournalEntry.objects.filter(pk=entry.pk)
    with attack(rows, action="a.b", outcome="success"):
        shown = trail.entry(admin, entry.uuid)

    assert (shown.action, shown.outcome) == (before.action, "denied")
    assert not shown.is_authentic


def test_another_name_for_who_acted_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    without_guards()
    names = PersonalDatum.objects.filter(value="maria")
    with attack(names, value="eve"):
        assert verified() == verifier.CHANGED
    assert "the name that sha256:" in capsys.readouterr().out

    with attack(names, user=make_user("paula")):
        assert verified() == verifier.CHANGED
    assert "is named by another account" in capsys.readouterr().out


def test_another_key_in_the_database_is_not_trusted_where_the_key_file_lies(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOG_ANCHOR_FILE = Path("off")
    without_guards()
    with transaction.atomic():
        replace_the_key(Random(1), 3)
        assert verified() == verifier.SIGNATURE
        assert "not signed by a key that is trusted" in capsys.readouterr().out
        transaction.set_rollback(True)
    keys.rotate(actor=system(), reason="yearly")
    grow()
    assert verified() == verifier.OK


def test_an_entry_that_was_kept_from_its_place_is_found() -> None:
    with transaction.atomic():
        event = AccessWasDenied(subject="late/model/b/1", permission="view_workspace")
        late = publish(event, actor=system())
    assert verified() == verifier.OK

    without_guards()
    queue = JournalPending.objects.filter(entry=late)
    with attack(queue, refused_at=LONG_AGO):
        assert verified() == verifier.MISSING
    with attack(queue):
        assert verified() == verifier.MISSING
        states = {found.name: found.state for found in diagnosis.examine()}
    assert states["journal"] is diagnosis.State.PROBLEM
