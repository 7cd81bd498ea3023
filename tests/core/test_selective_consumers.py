"""Consumers that most entries of the journal do not concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import consumers
from core.models import ConsumerCursor, ConsumerFailure, User
from tests.core.test_consumers import Recorder, journal, make_due

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry

pytestmark = pytest.mark.django_db


class Chooser(Recorder):
    """Takes the entries whose subjects are in ``wanted``, and cannot choose when ``broken``."""

    def __init__(self, name: str, *wanted: str) -> None:
        super().__init__()
        self.name, self.wanted, self.broken = name, set(wanted), False

    def select(self, entries: Sequence[SequencedEntry]) -> list[SequencedEntry]:
        if self.broken:
            raise ValueError("I cannot choose")
        return [entry for entry in entries if entry.body["subject"]["ref"] in self.wanted]


def install(monkeypatch: pytest.MonkeyPatch, *installed: Recorder) -> None:
    monkeypatch.setattr(consumers, "installed", lambda: installed)


def places() -> dict[str, int]:
    return dict(ConsumerCursor.objects.values_list("consumer", "seq"))


def test_a_consumer_is_told_of_what_it_selects_and_passes_the_rest() -> None:
    chooser = Chooser("chooser", "b", "d")
    journal("a", "b", "c", "d", "e")

    passed = consumers.drain(chooser)

    assert passed == 5
    assert chooser.subjects == ["b", "d"]
    assert places() == {"chooser": 4}


def test_a_batch_ends_behind_the_last_entry_that_was_told() -> None:
    chooser = Chooser("chooser", "b", "d")
    journal("a", "b", "c", "d", "e")

    counts = [consumers.drain(chooser, limit=1) for _ in range(4)]

    assert counts == [2, 2, 1, 0]
    assert chooser.subjects == ["b", "d"]


def test_consumers_whom_nothing_concerns_pass_any_number_of_entries_in_a_few_statements(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choosers = [Chooser(f"chooser-{number}") for number in range(5)]
    install(monkeypatch, *choosers)
    journal("a")
    consumers.drain_all()
    journal(*"bcdefghijklmnopqrstuvwxyz")

    with CaptureQueriesContext(connection) as queries:
        passed = consumers.drain_all()

    assert passed == 5 * 25
    assert set(places().values()) == {25}
    # Where all stand, the entries once, one transaction of two, and what failed.
    assert len(queries) <= 7


def test_consumers_at_different_places_each_go_on_from_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead, behind, plain = Chooser("ahead", "a", "c"), Chooser("behind"), Recorder()
    journal("a", "b")
    consumers.drain(ahead)
    install(monkeypatch, ahead, behind, plain)
    journal("c")

    while consumers.drain_all():
        pass

    assert ahead.subjects == ["a", "c"]
    assert plain.subjects == ["a", "b", "c"]
    assert behind.subjects == []
    assert set(places().values()) == {2}


def test_who_cannot_select_is_told_of_each_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    chooser = Chooser("chooser", "b")
    chooser.broken, chooser.poison = True, {"a"}
    install(monkeypatch, chooser)
    journal("a", "b")

    consumers.drain_all()

    assert chooser.subjects == ["b"]
    assert ConsumerFailure.objects.get().entry.subject == "a"
    chooser.poison = set()
    make_due()
    assert consumers.drain_all() == 1
    assert chooser.subjects == ["b", "a"]


class Taker(Recorder):
    """Takes what it can at once."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once: list[int] = []

    def consume_all(self, entries: Sequence[SequencedEntry]) -> None:
        self.at_once.append(len(entries))
        for entry in entries:
            self.consume(entry)


def test_a_consumer_that_takes_entries_at_once_is_told_of_a_batch() -> None:
    taker = Taker()
    journal("a", "b", "c")

    consumers.drain(taker)

    assert taker.at_once == [3]
    assert taker.subjects == ["a", "b", "c"]


def test_a_poison_entry_fails_alone_though_it_came_in_a_batch() -> None:
    taker = Taker()
    taker.poison = {"b"}
    journal("a", "b", "c")

    consumers.drain(taker)

    assert taker.at_once == [3]
    assert taker.subjects[-2:] == ["a", "c"]
    assert [failure.entry.subject for failure in ConsumerFailure.objects.all()] == ["b"]
    assert not User.objects.filter(username="left-by-a-failed-consumer").exists()
