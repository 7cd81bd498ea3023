"""The gapless total order of committed entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.utils import timezone

from core import consumers, sequencer
from core.actors import system
from core.journal import SequencedEntry, publish
from core.models import JournalEntry, JournalPending, JournalSequence
from tests.core.test_journal import denied

pytestmark = pytest.mark.django_db


class Watching:
    """A consumer that looks on while entries are placed."""

    name = "tests.watching"

    def __init__(self, watch: Callable[[int, Sequence[bytes]], None]) -> None:
        self.watch = watch

    def consume(self, entry: SequencedEntry) -> None:
        """Nothing is done with it."""


def cannot_look(*_: object) -> None:
    raise RuntimeError("cannot look")


def placed() -> list[tuple[int, int]]:
    """(seq, entry id) of every placed entry."""
    return list(JournalSequence.objects.order_by("seq").values_list("seq", "entry_id"))


def test_entries_get_numbers_from_zero_without_gaps_in_order_of_id() -> None:
    ids = [publish(denied(), actor=system()).pk for _ in range(5)]

    assert sequencer.sequence_pending() == 5
    assert placed() == list(enumerate(ids))
    assert not JournalPending.objects.exists()


def test_batches_join_without_a_gap() -> None:
    ids = [publish(denied(), actor=system()).pk for _ in range(5)]

    taken = [sequencer.sequence_pending(limit=2) for _ in range(4)]

    assert taken == [2, 2, 1, 0]
    assert placed() == list(enumerate(ids))


def test_an_entry_that_becomes_visible_late_is_placed_after_what_was_placed() -> None:
    early, late = (publish(denied(), actor=system()).pk for _ in range(2))
    # As another connection sees it while the writer of the first has not committed.
    JournalPending.objects.filter(entry_id=early).delete()
    sequencer.sequence_pending()
    JournalPending.objects.create(entry_id=early)

    sequencer.sequence_pending()

    assert placed() == [(0, late), (1, early)]


def test_entries_between_which_ids_lack_are_placed_and_no_other() -> None:
    ids = [publish(denied(), actor=system()).pk for _ in range(7)]
    missing = [ids[1], ids[4], ids[5]]
    JournalPending.objects.filter(entry_id__in=missing[:2]).delete()
    JournalPending.objects.filter(entry_id=missing[2]).update(refused_at=timezone.now())

    assert sequencer.sequence_pending() == 4

    assert placed() == list(enumerate(pk for pk in ids if pk not in missing))
    assert JournalPending.objects.get().entry_id == missing[2]


def test_consumers_that_watch_see_what_was_placed_and_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[int, list[bytes]]] = []
    watching = Watching(lambda first, bodies: seen.append((first, [bytes(one) for one in bodies])))
    monkeypatch.setattr(consumers, "installed", lambda: (Watching(cannot_look), watching))
    bodies = [bytes(publish(denied(), actor=system()).body) for _ in range(3)]

    while sequencer.sequence_pending(limit=2):
        pass

    assert seen == [(0, bodies[:2]), (2, bodies[2:])]


def test_a_row_written_without_the_key_gets_no_place_and_is_kept_as_evidence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = publish(denied(), actor=system())
    forged = JournalEntry.objects.create(
        occurred_at=good.occurred_at,
        action=good.action,
        outcome=good.outcome,
        actor_kind="system",
        via="system",
        subject="whatever",
        body=bytes(good.body).replace(b"a/model/b/1", b"a/model/c/1"),
        mac=good.mac,
    )
    JournalPending.objects.create(entry=forged)

    sequencer.sequence_pending()

    assert placed() == [(0, good.pk)]
    assert JournalPending.objects.get().entry_id == forged.pk
    assert JournalPending.objects.get().refused_at is not None
    assert str(forged.pk) in caplog.text
    assert sequencer.sequence_pending() == 0
