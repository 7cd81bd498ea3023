"""The verifier that strangers run, over what the service exports."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from audits.models import LogCheckpoint
from audits.queries.log import LogDamaged, inclusion
from audits.services.transparency import integration, keys
from audits.services.transparency.export import export_log
from audits.services.transparency.resumption import resume
from audits.transparency.merkle import EMPTY_ROOT, leaf_hash
from audits.transparency.notes import Checkpoint, signed_note
from audits.verifier import muniment_verify as verifier
from core import actors
from core.errors import Conflict
from core.models import JournalEntry
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import ATTACKS, attacked, cut_short, without_guards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    return tmp_path


class House:
    """An installation's log, and the key that a stranger got from it at the beginning."""

    def __init__(self, folder: Path, *, entries: int) -> None:
        self.folder = folder
        self.count = 0
        for part in range(6):
            journal(entries // 6 + part)
            self.newest = grow()
        self.vkey = keys.log_signer().verifier.encoded()
        self.anchor = folder / "anchors" / "checkpoints.ndjson"

    def export(self) -> Path:
        self.count += 1
        return export_log(self.folder / f"export-{self.count}", actor=actors.system()).folder

    def verify(self, folder: Path | None = None, *, anchored: bool = True) -> int:
        given = [str(folder or self.export()), "--key", self.vkey]
        return verifier.main([*given, "--anchor", str(self.anchor)] if anchored else given)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, entries=290)


def test_an_untouched_log_verifies(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.verify() == verifier.OK
    assert f"verified {house.newest.size} entries under 7 checkpoints" in capsys.readouterr().out


def test_without_an_anchor_it_says_what_it_cannot_tell(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.verify(anchored=False) == verifier.OK
    assert "a log that was cut short cannot be told" in capsys.readouterr().out


def found(house: House) -> bool:
    """Whether the service or the verifier notices something."""
    anchored = house.anchor.read_bytes()
    try:
        with transaction.atomic():
            integration.integrate(at_once=True)
        return house.verify() != verifier.OK
    except LogDamaged:
        return True
    except Conflict as error:  # nothing is left that could be exported
        return "Nothing has been signed" in error.detail
    finally:
        # What the attacked service signed did not happen.
        house.anchor.write_bytes(anchored)


def test_no_change_of_the_database_goes_unnoticed(tmp_path: Path) -> None:
    house = House(tmp_path, entries=48)
    random = Random(3)
    for attack in ATTACKS:
        for seq in (0, house.newest.size - 1, random.randrange(house.newest.size)):
            assert attacked(attack, random, seq, lambda: found(house)), (attack.__name__, seq)
    assert house.verify() == verifier.OK


@pytest.mark.slow
def test_the_whole_tamper_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = House(tmp_path, entries=600)
    random, caught = Random(4), Counter[str]()
    for attack in ATTACKS:
        for _ in range(100):
            seq = random.randrange(house.newest.size)
            caught[attack.__name__] += attacked(attack, random, seq, lambda: found(house))
    with capsys.disabled():
        print(f"\ntamper matrix: {len(ATTACKS)} attacks, {caught.total()} of 2000 detected")
    assert caught == {attack.__name__: 100 for attack in ATTACKS}


def test_cutting_short_is_found_by_the_anchor_alone(house: House) -> None:
    without_guards()
    cut_short(Random(1), 3)

    assert house.verify(anchored=False) == verifier.OK
    assert house.verify() == verifier.ANCHOR


def test_it_says_what_is_wrong_and_where(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    folder = house.export()
    file = folder / "entries.ndjson"
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    swapped = [*lines[:7], lines[9], lines[8], lines[7], *lines[10:]]
    for text, code, words in (
        (whole.replace(b"thing/3", b"thing/4", 1), verifier.CHANGED, "was changed"),
        (b"".join(lines[:5] + lines[6:]), verifier.MISSING, "entry 5 is missing"),
        (b"".join(lines[:-1]), verifier.MISSING, "are missing"),
        (b"".join(swapped), verifier.ORDER, "entry 9 stands where 7 belongs"),
        (whole + lines[0], verifier.BEYOND, "but no leaf"),
    ):
        file.write_bytes(text)
        assert house.verify(folder) == code
        assert words in capsys.readouterr().out
    file.write_bytes(whole)
    (folder / "checkpoints.ndjson").unlink()
    assert house.verify(folder) == verifier.UNREADABLE


def test_each_flipped_byte_of_the_entries_is_found(house: House) -> None:
    folder = house.export()
    file = folder / "entries.ndjson"
    whole, random = file.read_bytes(), Random(2)
    for _ in range(60):
        changed = bytearray(whole)
        changed[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        file.write_bytes(changed)
        assert house.verify(folder) != verifier.OK


def test_two_signed_trees_of_one_size_are_reported(house: House) -> None:
    folder = house.export()
    signer = keys.log_signer()
    other = Checkpoint(house.newest.origin, house.newest.size, bytes(32))
    line = json.dumps({"size": other.size, "note": signed_note(other.text(), signer)})
    with house.anchor.open("a") as file:
        file.write(f"{line}\n")

    assert house.verify(folder) == verifier.SPLIT


def test_a_rotated_key_is_trusted_through_the_old_one(house: House) -> None:
    keys.rotate(actor=actors.system(), reason="yearly")
    grow()
    keys.rotate(actor=actors.system(), reason="again")
    journal(3)
    grow()

    assert house.verify() == verifier.OK


def test_a_key_that_nobody_trusted_vouches_for_is_refused(house: House) -> None:
    folder = house.export()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    stranger = keys.log_signer().verifier
    house.vkey = type(stranger)(stranger.name, other).encoded()

    assert house.verify(folder) == verifier.SIGNATURE


def test_a_loss_that_is_on_record_is_told_and_the_log_goes_on(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    without_guards()
    cut_short(Random(1), 3)
    journal(2)
    with pytest.raises(LogDamaged):
        integration.integrate(at_once=True)

    lost = resume(actor=actors.system(), reason="the disk died")
    newest = grow()
    journal(400)
    newest = grow()

    assert lost.entries > 0
    assert newest.origin == "localhost/journal#2"
    assert house.verify() == verifier.OK
    assert "were lost, on record" in capsys.readouterr().out


def test_entries_alone_verify_by_their_proofs(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "proofs"
    folder.mkdir()
    rows = JournalEntry.objects.select_related("sequence").order_by("?")[:5]
    lines = []
    for entry in rows:
        proof = inclusion(entry, seq=entry.sequence.seq)
        lines.append(
            {
                "index": proof.index,
                "body": bytes(entry.body).decode(),
                "size": proof.checkpoint.size,
                "proof": [base64.b64encode(each).decode() for each in proof.proof],
            }
        )
    note = {"size": house.newest.size, "note": house.newest.note}
    (folder / "checkpoints.ndjson").write_text(json.dumps(note) + "\n")
    (folder / "proofs.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert verifier.main([str(folder), "--key", house.vkey]) == verifier.OK

    lines[2]["body"] = str(lines[2]["body"]).replace("thing", "thong")
    (folder / "proofs.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    expected = verifier.CHANGED if "thong" in str(lines[2]["body"]) else verifier.OK
    assert verifier.main([str(folder), "--key", house.vkey]) == expected


def test_a_proof_never_leads_to_a_checkpoint_whose_signature_was_passed_over(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "MOST_SIGNATURES", 2)
    folder = tmp_path / "proofs"
    folder.mkdir()
    notes = [{"size": row.size, "note": row.note} for row in LogCheckpoint.objects.order_by("size")]
    body = bytes(JournalEntry.objects.earliest("id").body).decode().replace("thing", "thong")
    # A tree of one forged entry, under a signature that is of another tree.
    forged = Checkpoint(house.newest.origin, 1, leaf_hash(body.encode()))
    signatures = house.newest.note.rpartition("\n\n")[2]
    notes.insert(1, {"size": 1, "note": f"{forged.text()}\n{signatures}"})
    notes[0] = {
        "size": 0,
        "note": signed_note(Checkpoint(forged.origin, 0, EMPTY_ROOT).text(), keys.log_signer()),
    }
    proof = {"index": 0, "body": body, "size": 1, "proof": []}
    (folder / "checkpoints.ndjson").write_text("".join(json.dumps(each) + "\n" for each in notes))
    (folder / "proofs.ndjson").write_text(json.dumps(proof) + "\n")

    assert house.verify(folder, anchored=False) == verifier.SIGNATURE


def test_it_runs_with_nothing_but_python_and_no_network(house: House, tmp_path: Path) -> None:
    folder = house.export()
    command = [sys.executable, "-I", "-S", "muniment_verify.py", ".", "--key", house.vkey]
    if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0:
        command = ["unshare", "-rn", *command]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"verified {house.newest.size} entries")


@pytest.mark.parametrize("message", [b"", b"muniment", bytes(1_000)])
def test_its_ed25519_agrees_with_the_library(message: bytes) -> None:
    for number in range(8):
        key = Ed25519PrivateKey.from_private_bytes(leaf_hash(b"%d" % number))
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert verifier.ed25519_verifies(public, message, signature)
        changed = bytearray(signature)
        changed[number * 7] ^= 1
        assert not verifier.ed25519_verifies(public, message, bytes(changed))
        assert not verifier.ed25519_verifies(public, message + b".", signature)
