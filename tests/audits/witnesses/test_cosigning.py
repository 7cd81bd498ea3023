"""The newest checkpoint goes to witnesses, whose cosignatures are kept and shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.models import LogCheckpoint, LogCosignature, LogSink
from audits.queries.log import LogDamaged
from audits.services.transparency import anchoring, integration, sinks
from audits.services.transparency.resumption import resume
from core import actors
from core.errors import InvalidInput
from core.models import JournalEntry
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import drop_checkpoints, rebuild_tiles, run, without_guards
from tests.audits.witnesses.conftest import work_off
from tests.audits.witnesses.witness import Witness

pytestmark = pytest.mark.django_db


def test_each_newest_checkpoint_is_cosigned_from_the_size_that_the_witness_knows(
    witness: Witness,
) -> None:
    for count in (1, 300, 5):
        journal(count)
        newest = grow()
        work_off()
        cosigned = LogCosignature.objects.get(checkpoint=newest)
        assert cosigned.witness == witness.vkey
        assert witness.known[newest.origin] == (newest.size, bytes(newest.root))
    assert witness.asked[0].startswith(b"old 0\n")
    assert LogSink.objects.get().size == newest.size


def test_a_witness_that_knows_another_size_is_asked_again_from_it(witness: Witness) -> None:
    journal(2)
    grow()
    work_off()
    LogSink.objects.update(size=0)
    journal(2)
    newest = grow()

    work_off()

    assert LogCosignature.objects.filter(checkpoint=newest).exists()
    assert witness.asked[-2].startswith(b"old 0\n")


def test_a_witness_that_is_away_is_tried_again_and_catches_up(witness: Witness) -> None:
    witness.forced = (503, b"not now")
    journal(2)
    grow()
    work_off()
    sink = LogSink.objects.get()
    assert "503: not now" in sink.error
    assert sink.next_try_at is not None
    assert sink.attempts == 1

    witness.forced = None
    journal(2)
    newest = grow()
    work_off()

    assert LogSink.objects.get().error == ""
    assert LogCosignature.objects.get().checkpoint == newest


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (404, b"unknown log", "does not know this log"),
        (403, b"no", "does not trust the log's key"),
        (409, b"many", "409 without a size"),
        (200, b"", "did not cosign"),
        (200, "— witness.test/one AAAA\n".encode(), "did not cosign"),
    ],
)
def test_what_a_witness_refuses_is_shown(
    witness: Witness, status: int, body: bytes, told: str
) -> None:
    witness.forced = (status, body)
    journal(1)
    grow()

    work_off()

    assert told in LogSink.objects.get().error
    assert not LogCosignature.objects.exists()


def test_a_cosignature_of_another_text_is_not_kept(witness: Witness) -> None:
    witness.forced = (200, witness.cosignature("localhost/journal\n1\nAAAA\n").encode())
    journal(1)
    grow()

    work_off()

    assert "is wrong" in LogSink.objects.get().error
    assert not LogCosignature.objects.exists()


def forget_the_newest() -> LogCheckpoint:
    """Do to the database what a restore from an older backup does."""
    kept = LogCheckpoint.objects.order_by("-size")[1]
    without_guards()
    run("DELETE FROM audits_logcosignature WHERE id > 0")
    for entry in JournalEntry.objects.filter(sequence__seq__gte=kept.size):
        run("DELETE FROM core_journalsequence WHERE entry_id = %s", entry.pk)
        run("DELETE FROM core_journalentry WHERE id = %s", entry.pk)
    drop_checkpoints(over=kept.size)
    rebuild_tiles()
    LogSink.objects.update(size=kept.size)
    return kept


def test_a_restored_backup_is_told_by_the_witness_and_nothing_is_signed_any_more(
    witness: Witness,
) -> None:
    journal(20)
    known = grow()
    work_off()
    forget_the_newest()
    journal(1)
    smaller = grow()
    work_off()

    disputed = JournalEntry.objects.get(action="audits.log.disputed")
    assert LogSink.objects.get().known_size == known.size
    assert LogCheckpoint.objects.latest("size").size == smaller.size
    journal(1)
    with pytest.raises(LogDamaged, match=f"cosigned a tree of {known.size} entries"):
        integration.integrate(at_once=True)
    work_off()
    assert JournalEntry.objects.filter(action="audits.log.disputed").get() == disputed


def test_a_restored_backup_is_told_also_where_nothing_new_is_signed(witness: Witness) -> None:
    journal(20)
    grow()
    work_off()
    asked = len(witness.asked)
    assert anchoring.sweep() == 0
    forget_the_newest()
    LogSink.objects.update(moved_at=timezone.now() - timedelta(hours=2))

    assert anchoring.sweep() == 1
    work_off()

    assert len(witness.asked) > asked
    assert "has cosigned a tree of" in LogSink.objects.get().dispute


def test_a_witness_is_asked_again_now_and_then_and_takes_the_same_checkpoint(
    witness: Witness,
) -> None:
    journal(2)
    newest = grow()
    work_off()
    LogSink.objects.update(moved_at=timezone.now() - timedelta(hours=2))
    assert anchoring.sweep() == 1
    work_off()

    sink = LogSink.objects.get()
    assert (sink.size, sink.error, sink.dispute) == (newest.size, "", "")
    assert anchoring.sweep() == 0


def test_another_tree_of_the_size_that_the_witness_knows_is_a_split_view(witness: Witness) -> None:
    journal(20)
    known = grow()
    work_off()
    forget_the_newest()
    journal(40)  # past the size that the witness knows
    grow()
    work_off()

    assert f"another tree of {known.size} entries" in LogSink.objects.get().dispute
    journal(1)
    with pytest.raises(LogDamaged, match="which the log does not extend"):
        integration.integrate(at_once=True)


def test_a_log_that_was_resumed_is_cosigned_under_its_new_name(witness: Witness) -> None:
    journal(20)
    known = grow()
    work_off()
    forget_the_newest()
    journal(1)
    smaller = grow()
    work_off()

    lost = resume(actor=actors.system(), reason="the disk died")
    newest = grow()
    work_off()

    assert lost.entries == known.size - smaller.size
    assert newest.origin == lost.origin == "localhost/journal#2"
    assert LogCosignature.objects.get().checkpoint == newest
    assert LogSink.objects.get().dispute == ""


def test_a_witness_that_was_mistaken_lets_the_log_go_on(witness: Witness) -> None:
    witness.forced = (422, b"")
    journal(1)
    grow()
    work_off()
    assert LogSink.objects.get().dispute

    witness.forced = None
    work_off()
    journal(1)

    assert integration.integrate(at_once=True)


def test_settings_without_sense_name_themselves(settings: Any) -> None:
    for text in ("http://127.0.0.1", "http://127.0.0.1 name", "ftp://x name+00+AA"):
        settings.LOG_WITNESSES = [text]
        with pytest.raises(InvalidInput, match="MUNIMENT_LOG_WITNESSES"):
            sinks.configured()
    journal(1)
    assert grow().size > 0  # and the log goes on


def test_a_new_witness_is_told_of_what_was_signed_before(witness: Witness) -> None:
    assert anchoring.sweep() == 1
    work_off()

    assert LogCosignature.objects.get().checkpoint == LogCheckpoint.objects.latest("size")
    assert anchoring.sweep() == 0
