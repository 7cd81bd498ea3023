"""Telling consumers of the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import consumers, sequencer, tasks
from core.actors import system
from core.journal import SequencedEntry, publish
from core.models import ConsumerCursor, ConsumerFailure, User
from tests.core.test_journal import denied
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Recorder:
    """Remembers what it was told; raises for subjects in ``poison``, after writing a row."""

    name = "recorder"

    def __init__(self) -> None:
        self.told: list[SequencedEntry] = []
        self.poison: set[str] = set()

    @property
    def subjects(self) -> list[str]:
        return [entry.body["subject"]["ref"] for entry in self.told]

    def consume(self, entry: SequencedEntry) -> None:
        if entry.body["subject"]["ref"] in self.poison:
            make_user("left-by-a-failed-consumer")
            raise ValueError("I cannot take this")
        self.told.append(entry)


def journal(*subjects: str) -> None:
    for subject in subjects:
        publish(denied(subject=subject), actor=system())
    sequencer.sequence_pending()


def make_due() -> None:
    ConsumerFailure.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def test_a_consumer_is_told_each_entry_once_in_order() -> None:
    recorder = Recorder()
    journal("a", "b", "c")

    counts = [consumers.drain(recorder, limit=2) for _ in range(3)]

    assert counts == [2, 1, 0]
    assert recorder.subjects == ["a", "b", "c"]
    assert [entry.seq for entry in recorder.told] == [0, 1, 2]
    assert ConsumerCursor.objects.get(consumer="recorder").seq == 2


def test_consumers_read_at_their_own_pace() -> None:
    first, second = Recorder(), Recorder()
    second.name = "second"
    journal("a")
    consumers.drain(first)
    journal("b")

    consumers.drain(first)
    consumers.drain(second)

    assert first.subjects == second.subjects == ["a", "b"]


def test_a_poison_entry_holds_up_nobody_and_leaves_nothing_but_the_failure() -> None:
    recorder = Recorder()
    recorder.poison = {"b"}
    journal("a", "b", "c")

    consumers.drain(recorder)

    failure = ConsumerFailure.objects.get()
    assert recorder.subjects == ["a", "c"]
    assert "I cannot take this" in failure.error
    assert failure.entry.subject == "b"
    assert failure.retry_at is not None
    assert not User.objects.filter(username="left-by-a-failed-consumer").exists()


def test_a_failure_is_retried_when_due_and_resolved() -> None:
    recorder = Recorder()
    recorder.poison = {"a"}
    journal("a", "b")
    consumers.drain(recorder)
    recorder.poison = set()

    assert consumers.retry_failures(recorder) == 0  # not due yet
    make_due()
    assert consumers.retry_failures(recorder) == 1
    make_due()
    assert consumers.retry_failures(recorder) == 0  # resolved once

    assert recorder.subjects == ["b", "a"]


def test_retries_back_off_and_end_and_a_replay_starts_them_again() -> None:
    recorder = Recorder()
    recorder.poison = {"a"}
    journal("a")
    consumers.drain(recorder)
    waits = []
    for _ in range(consumers.MAX_ATTEMPTS - 1):
        make_due()
        consumers.retry_failures(recorder)
        failure = ConsumerFailure.objects.get()
        waits.append(failure.retry_at and (failure.retry_at - failure.failed_at).total_seconds())

    assert waits == [4, 8, 16, 32, 64, 128, None]
    make_due()
    ConsumerFailure.objects.update(retry_at=None)
    assert consumers.retry_failures(recorder) == 0
    recorder.poison = set()
    assert consumers.replay(recorder) == 1
    assert consumers.retry_failures(recorder) == 1
    assert recorder.subjects == ["a"]


def test_an_idle_round_opens_no_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    journal("a")
    consumers.drain(recorder)
    monkeypatch.setattr("django.db.transaction.atomic", None)

    assert consumers.drain(recorder) + consumers.retry_failures(recorder) == 0
    assert sequencer.sequence_pending() == 0
    assert tasks.claim() is None
