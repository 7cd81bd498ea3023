"""The log as it grows over the journal, and what it answers."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from audits.dossiers.signing import PAYLOAD_TYPE, attestation_signer, encoded, enveloped
from audits.models import LogCheckpoint, LogKey, LogTile
from audits.queries.log import LogDamaged, consistency, inclusion
from audits.services.transparency import integration, keys
from audits.services.transparency.receipts import receipt_text, receipts_for
from audits.transparency import merkle
from audits.transparency.notes import checkpoint_from, opened, verifier_from
from core import actors
from core.errors import Conflict
from core.models import JournalEntry
from tests.audits.transparency import naive
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import drop_checkpoints, run, without_guards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings: Any, tmp_path: Path) -> Path:
    """Keys of its own, and an anchor."""
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    return tmp_path


def verifiers() -> list[Any]:
    return [verifier_from(key.vkey) for key in LogKey.objects.filter(purpose="log")]


def test_the_log_has_every_entry_in_order_under_a_signed_root() -> None:
    journal(300)
    newest = grow()

    text, _ = opened(newest.note, verifiers=verifiers())
    signed = checkpoint_from(text)
    bodies = [
        bytes(body)
        for (body,) in JournalEntry.objects.order_by("sequence__seq").values_list("body")
    ]
    assert signed.size == len(bodies) == 304  # four keys were put on record
    assert signed.root == naive.root(bodies)


def test_nothing_new_is_no_new_checkpoint() -> None:
    journal(1)
    grow()
    before = LogCheckpoint.objects.count()

    assert integration.integrate() == 0
    assert LogCheckpoint.objects.count() == before


def test_there_is_at_most_one_checkpoint_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    journal(1)
    grow()
    monkeypatch.setattr(integration, "PAUSE", timedelta(hours=1))
    before = LogCheckpoint.objects.count()
    journal(5)

    assert integration.integrate() == 0
    assert LogCheckpoint.objects.count() == before
    assert integration.integrate(limit=5) == 5  # a backlog does not wait


def test_every_entry_is_proved_and_each_tree_extends_the_one_before() -> None:
    first = journal(3)
    old = grow()
    journal(400)
    newest = grow()

    some = [*first, *JournalEntry.objects.order_by("-id")[:3]]
    for entry in JournalEntry.objects.filter(pk__in=[one.pk for one in some]):
        found = inclusion(entry, seq=entry.sequence.seq)
        root = merkle.root_from_inclusion(
            merkle.leaf_hash(bytes(entry.body)),
            index=found.index,
            size=found.checkpoint.size,
            proof=found.proof,
        )
        assert root == bytes(newest.root)
    grown = consistency(old.size)
    was, now = merkle.roots_from_consistency(
        bytes(old.root), old=old.size, size=newest.size, proof=grown.proof
    )
    assert (was, now) == (bytes(old.root), bytes(newest.root))


def test_a_proof_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    entries = journal(600)
    grow()
    entry = JournalEntry.objects.select_related("sequence").get(pk=entries[300].pk)

    with django_assert_num_queries(2):
        inclusion(entry, seq=entry.sequence.seq)


def test_an_entry_that_no_checkpoint_has_yet_is_a_conflict() -> None:
    (entry,) = journal(1)

    with pytest.raises(Conflict):
        inclusion(entry, seq=0)


def test_a_changed_tile_stops_the_log_before_anything_is_signed() -> None:
    journal(3)
    newest = grow()
    tile = LogTile.objects.get(level=0, index=0)
    changed = bytes(32) + bytes(tile.hashes)[32:]
    without_guards()
    run("UPDATE audits_logtile SET hashes = %s WHERE id = %s", changed, tile.pk)
    journal(1)

    with pytest.raises(LogDamaged, match="does not have the root that was signed"):
        integration.integrate(at_once=True)
    assert LogCheckpoint.objects.order_by("-size")[0].size == newest.size


def test_a_database_that_is_older_than_its_anchor_is_not_signed() -> None:
    journal(3)
    grow()
    journal(4)
    newest = grow()
    without_guards()
    drop_checkpoints(over=newest.size - 1)

    with pytest.raises(LogDamaged, match="restored from an older backup"):
        integration.integrate(at_once=True)


def test_checkpoints_are_anchored_in_a_file(at_once: Path) -> None:
    journal(3)
    newest = grow()

    lines = (at_once / "anchors" / "checkpoints.ndjson").read_text().splitlines()
    assert json.loads(lines[-1])["note"] == newest.note
    assert len(lines) == LogCheckpoint.objects.count()


def test_a_line_of_the_anchor_that_a_crash_cut_short_is_passed_over(at_once: Path) -> None:
    journal(3)
    grow()
    with (at_once / "anchors" / "checkpoints.ndjson").open("a") as file:
        file.write('{"anchored_at": "2026')
    journal(2)
    newest = grow()

    lines = (at_once / "anchors" / "checkpoints.ndjson").read_text().splitlines()
    assert json.loads(lines[-1])["note"] == newest.note


def test_a_rotated_key_signs_on_and_the_old_one_vouches_for_it() -> None:
    journal(2)
    grow()
    old = keys.log_signer().verifier
    keys.rotate(actor=actors.system(), reason="yearly")
    newest = grow()

    new = keys.log_signer().verifier
    rotated = json.loads(bytes(JournalEntry.objects.get(action="audits.log.key_rotated").body))[
        "data"
    ]
    text, signers = opened(rotated["statement"], verifiers=[old, new])
    assert signers == [old, new]
    assert text.splitlines()[2:] == [old.encoded(), new.encoded()]
    assert opened(newest.note, verifiers=[new])[1] == [new]


def test_a_rotation_that_ended_after_its_commit_is_brought_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal(1)
    grow()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "_put_in_place", lambda path: None)
        keys.rotate(actor=actors.system(), reason="yearly")
    journal(1)

    newest = grow()

    standing = keys.standing_key()
    assert standing is not None
    assert opened(newest.note, verifiers=[verifier_from(standing.vkey)])


def test_another_key_in_the_file_signs_nothing(settings: Any, tmp_path: Path) -> None:
    journal(1)
    grow()
    settings.LOG_KEY_FILE = tmp_path / "other" / "log.key"
    journal(1)

    with pytest.raises(Conflict, match="is not the one that signs this log"):
        integration.integrate(at_once=True)


def test_receipts_are_signed_by_a_key_that_the_log_vouches_for() -> None:
    (entry,) = journal(1)
    grow()
    given, leaf, signature = receipts_for([entry])[0].split(".")

    key = LogKey.objects.get(purpose="receipts")
    text, _ = opened(key.statement, verifiers=verifiers())
    assert text.splitlines()[2] == key.vkey
    assert uuid.UUID(given) == entry.uuid
    assert bytes.fromhex(leaf) == merkle.leaf_hash(bytes(entry.body))
    assert verifier_from(key.vkey).signed(
        receipt_text(given, bytes.fromhex(leaf)).encode(), base64.b64decode(signature)
    )


def test_attestations_are_signed_by_a_key_that_the_log_vouches_for(settings: Any) -> None:
    settings.ATTESTATION_KEY_FILE = settings.LOG_KEY_FILE.with_name("attestations.key")
    journal(1)
    grow()
    envelope = json.loads(enveloped({"told": "this"}, signer=attestation_signer()))
    payload = base64.b64decode(envelope["payload"])
    (signature,) = envelope["signatures"]

    key = LogKey.objects.get(purpose="attestations")
    text, _ = opened(key.statement, verifiers=verifiers())
    assert text.splitlines()[2] == key.vkey
    assert key.vkey.startswith(signature["keyid"])
    assert verifier_from(key.vkey).signed(
        encoded(PAYLOAD_TYPE, payload), base64.b64decode(signature["sig"])
    )
    assert json.loads(payload) == {"told": "this"}
