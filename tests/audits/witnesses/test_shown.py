"""What is answered about anchors and cosignatures, and what verifies."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audits.models import LogCheckpoint, LogCosignature, LogKey
from audits.services.transparency.export import export_log
from audits.verifier import muniment_verify
from console.diagnosis import State, _anchors
from core import actors
from core.telemetry import gauges
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import run, without_guards
from tests.audits.witnesses.conftest import work_off
from tests.audits.witnesses.witness import Witness
from tests.factories import administrator, make_actor, token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def cosigned(witness: Witness) -> LogCheckpoint:
    """A checkpoint that the witness cosigned, and a newer one that it did not."""
    journal(2)
    checkpoint = grow()
    work_off()
    witness.forced = (503, b"")
    journal(2)
    grow()
    work_off()
    return checkpoint


def test_a_checkpoint_has_the_cosignature_in_its_note(
    cosigned: LogCheckpoint, witness: Witness
) -> None:
    client = token_client(make_actor("reader"))
    (told,) = [
        each
        for each in client.get("/api/audits/checkpoints/").json()["results"]
        if each["size"] == cosigned.size
    ]
    line = LogCosignature.objects.get().line
    assert told["note"] == f"{cosigned.note}{line}\n"
    assert [each["witness"] for each in told["cosignatures"]] == [witness.vkey]


def test_the_newest_checkpoint_that_somebody_cosigned_can_be_asked_for(
    cosigned: LogCheckpoint,
) -> None:
    client = token_client(make_actor("reader"))
    newest = client.get("/api/audits/checkpoints/newest/")
    seen = client.get("/api/audits/checkpoints/newest/?witnesses=1")

    assert newest.content.decode() == LogCheckpoint.objects.latest("size").note
    assert seen.content.decode().startswith(cosigned.note)
    assert client.get("/api/audits/checkpoints/newest/?witnesses=2").status_code == 404


def test_an_administrator_sees_how_far_each_anchor_is(
    cosigned: LogCheckpoint, witness: Witness, folder: Path, settings: Any
) -> None:
    settings.LOG_ANCHOR_FILE = folder / "anchors" / "checkpoints.ndjson"
    journal(1)
    newest = grow()
    answer = token_client(administrator()).get("/api/audits/anchors/").json()["results"]

    by_kind = {each["kind"]: each for each in answer}
    assert by_kind["file"]["behind"] == 0
    assert by_kind["witness"]["size"] == cosigned.size
    assert by_kind["witness"]["behind"] == newest.size - cosigned.size
    assert "503" in by_kind["witness"]["error"]
    assert token_client(make_actor("other")).get("/api/audits/anchors/").status_code == 403


def test_metrics_and_doctor_tell_of_lag_and_of_a_dispute(
    cosigned: LogCheckpoint, witness: Witness
) -> None:
    def numbers() -> dict[str, dict[str, float]]:
        return {each.name: each.samples for each in gauges()}

    newest = LogCheckpoint.objects.latest("size")
    lag = numbers()["muniment_log_anchor_entries_behind"]
    assert lag == {f"witness:{witness.name}": newest.size - cosigned.size}
    assert _anchors().state is State.NOTE
    assert numbers()["muniment_log_anchors_disputing"] == {"": 0}

    witness.forced = (422, b"")
    work_off()

    assert numbers()["muniment_log_anchors_disputing"] == {"": 1}
    found = _anchors()
    assert found.state is State.PROBLEM
    assert "resume_log" in found.detail


def verify(folder: Path, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    key = LogKey.objects.get(purpose="log").vkey
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        code = muniment_verify.main([str(folder), "--key", key, *arguments])
    return code, out.getvalue()


def test_the_verifier_verifies_what_a_witness_cosigned(
    cosigned: LogCheckpoint, witness: Witness, tmp_path: Path
) -> None:
    folder = export_log(tmp_path / "log", actor=actors.system()).folder
    code, told = verify(folder, "--witness", witness.vkey)

    newest = LogCheckpoint.objects.latest("size")
    assert code == 0, told
    assert f"{witness.name} cosigned {cosigned.size} entries at" in told
    assert f"{newest.size - cosigned.size} are newer" in told


def test_the_verifier_tells_of_a_witness_that_cosigned_nothing(
    cosigned: LogCheckpoint, tmp_path: Path
) -> None:
    folder = export_log(tmp_path / "log", actor=actors.system()).folder
    code, told = verify(folder, "--witness", Witness(name="witness.test/two").vkey)
    assert (code, "has cosigned none" in told) == (19, True)
    code, told = verify(folder, "--witness", Witness().vkey)  # the name of one, another key
    assert (code, "has cosigned none" in told) == (19, True)


def test_the_verifier_tells_of_a_wrong_cosignature(
    cosigned: LogCheckpoint, witness: Witness, tmp_path: Path
) -> None:
    without_guards()
    other = witness.cosignature("localhost/journal\n7\nAAAA\n").rstrip("\n")
    run("UPDATE audits_logcosignature SET line = %s", other)
    folder = export_log(tmp_path / "log", actor=actors.system()).folder

    code, told = verify(folder, "--witness", witness.vkey)

    assert (code, "the cosignature of" in told) == (19, True)


def test_a_cosigned_note_that_was_kept_is_an_anchor(
    cosigned: LogCheckpoint, witness: Witness, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    client = token_client(make_actor("reader"))
    kept.write_bytes(client.get("/api/audits/checkpoints/newest/?witnesses=1").content)
    folder = export_log(tmp_path / "log", actor=actors.system()).folder
    lines = (folder / "checkpoints.ndjson").read_text().splitlines()
    smaller = [line for line in lines if json.loads(line)["size"] < cosigned.size]
    assert verify(folder, "--anchor", str(kept), "--witness", witness.vkey)[0] == 0

    # A log that is sound in itself, and shorter than what the witness saw.
    size = json.loads(smaller[-1])["size"] if smaller else 0
    entries = (folder / "entries.ndjson").read_bytes().splitlines(keepends=True)
    (folder / "checkpoints.ndjson").write_text("".join(f"{line}\n" for line in smaller))
    (folder / "entries.ndjson").write_bytes(b"".join(entries[:size]))
    (folder / "leaves").write_bytes((folder / "leaves").read_bytes()[: size * 32])
    code, told = verify(folder, "--anchor", str(kept))
    assert code == 14, told


def test_verify_audit_asks_the_witnesses_of_the_settings(
    cosigned: LogCheckpoint, witness: Witness, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_audit")
    assert f"{witness.name} cosigned {cosigned.size} entries" in capsys.readouterr().out
