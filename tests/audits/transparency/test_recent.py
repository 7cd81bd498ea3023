"""Leaves that the worker keeps from placing an entry to adding it to the tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from audits.models import LogCheckpoint
from audits.queries.log import LogDamaged
from audits.services.transparency import integration
from audits.transparency.recent import RecentLeaves
from core.models import JournalEntry
from tests.audits.transparency import naive
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import forged, without_guards, write_body

A, B, C, D, E = (bytes([number]) * 32 for number in range(5))


def test_runs_that_follow_one_another_are_found_from_any_of_their_places() -> None:
    recent = RecentLeaves(10)
    recent.add(3, [A, B])
    recent.add(5, [C])
    recent.add(7, [D])

    assert recent.runs_from(3) == recent.runs_from(4) == [(3, [A, B]), (5, [C])]
    assert recent.runs_from(6) == []
    assert recent.runs_from(7) == [(7, [D])]
    assert recent.runs_from(3) == []  # who asks for a place has those before it


def test_a_place_that_is_given_again_was_never_given() -> None:
    recent = RecentLeaves(10)
    recent.add(0, [A, B])
    recent.add(2, [C])
    recent.add(1, [D, E])

    assert recent.runs_from(0) == []
    assert recent.runs_from(1) == [(1, [D, E])]


def test_the_oldest_go_where_there_are_too_many() -> None:
    recent = RecentLeaves(3)
    recent.add(0, [A, B])
    recent.add(2, [C, D])

    assert recent.runs_from(0) == []
    assert recent.runs_from(2) == [(2, [C, D])]


@pytest.fixture
def log(settings: Any, tmp_path: Path, db: None) -> LogCheckpoint:
    """A log that has begun, with a key and an anchor of its own."""
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    journal(1)
    return grow()


def signed_root() -> bytes:
    return bytes(LogCheckpoint.objects.latest("size").root)


def root_of_the_journal() -> bytes:
    rows = JournalEntry.objects.filter(sequence__isnull=False).order_by("sequence__seq")
    return naive.root([bytes(body) for body in rows.values_list("body", flat=True)])


def in_the_middle(entries: list[JournalEntry]) -> int:
    """The place of an entry that is neither the first nor the last of those."""
    return JournalEntry.objects.get(pk=entries[len(entries) // 2].pk).sequence.seq


def test_what_was_placed_here_elsewhere_and_before_a_start_is_signed_in_its_order(
    log: LogCheckpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal(5)
    integration.RECENT.forget()
    journal(3)
    assert integration.integrate(at_once=True) == 8

    journal(4)
    with monkeypatch.context() as patch:
        patch.setattr(integration, "watch", lambda first, bodies: None)
        journal(3)
    journal(2)

    assert integration.integrate(at_once=True) == 9
    assert signed_root() == root_of_the_journal()


def test_a_limit_ends_within_a_run(log: LogCheckpoint) -> None:
    journal(5)
    journal(5)

    assert [integration.integrate(limit=7, at_once=True) for _ in range(3)] == [7, 3, 0]
    assert signed_root() == root_of_the_journal()


def test_what_was_verified_is_signed_though_the_row_was_changed_since(log: LogCheckpoint) -> None:
    entries = journal(5)
    true_root = root_of_the_journal()
    without_guards()
    changed = in_the_middle(entries)
    write_body(changed, forged(changed))

    assert integration.integrate(at_once=True) == 5

    assert signed_root() == true_root != root_of_the_journal()


@pytest.mark.parametrize("is_restarted", [True, False])
def test_a_change_that_is_seen_stops_the_log(log: LogCheckpoint, is_restarted: bool) -> None:
    entries = journal(5)
    without_guards()
    changed = in_the_middle(entries) if is_restarted else log.size + 4
    write_body(changed, forged(changed))
    if is_restarted:
        integration.RECENT.forget()

    with pytest.raises(LogDamaged, match=f"entry at {changed} was not written by this service"):
        integration.integrate(at_once=True)


def test_places_that_were_rolled_back_are_no_leaves(log: LogCheckpoint) -> None:
    with transaction.atomic():
        journal(3)
        transaction.set_rollback(True)
    journal(4)

    assert integration.integrate(at_once=True) == 4
    assert signed_root() == root_of_the_journal()


def test_an_older_database_under_a_running_worker_gives_the_leaves(log: LogCheckpoint) -> None:
    with transaction.atomic():
        journal(3)
        kept = integration.RECENT.runs_from(log.size)
        transaction.set_rollback(True)
    journal(4)
    integration.RECENT.forget()
    for first, leaves in kept:
        integration.RECENT.add(first, leaves)

    assert integration.integrate(at_once=True) == 4
    assert signed_root() == root_of_the_journal()
