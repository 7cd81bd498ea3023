"""The log under the field's own Go libraries, built from tools/logverify."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from audits.api.serializers.log import ConsistencyProofSerializer, InclusionProofSerializer
from audits.models import LogCheckpoint
from audits.queries.log import consistency, inclusion
from audits.services.transparency import keys
from audits.services.transparency.export import export_log
from console.bootstrap import ROOT
from core import actors
from core.models import JournalEntry
from tests.audits.transparency.growing import grow, journal
from tests.support.fetching import run_fetching
from tests.support.parts import missing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = shutil.which("go")
    if go is None:
        missing("the independent verifier needs Go")
    built = tmp_path_factory.mktemp("logverify") / "logverify"
    done = run_fetching(
        [str(go), "build", "-mod=readonly", "-o", str(built), "."],
        cwd=ROOT / "tools" / "logverify",
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"},
    )
    if done.returncode:
        missing(f"the independent verifier cannot be built: {done.stderr[-500:]}")
    return built


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """An export, with proofs as REST answers them."""
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    for count in (1, 2, 300, 5, 40):
        journal(count)
        grow()
    exported = export_log(tmp_path / "log", actor=actors.system()).folder
    rows = JournalEntry.objects.filter(sequence__isnull=False).select_related("sequence")
    sizes = list(LogCheckpoint.objects.order_by("size").values_list("size", flat=True))
    proofs = {
        "inclusion": [
            InclusionProofSerializer(inclusion(row, seq=row.sequence.seq)).data for row in rows
        ],
        "consistency": [
            ConsistencyProofSerializer(consistency(first, second)).data
            for first in sizes
            for second in sizes
            if first <= second
        ],
    }
    (exported / "proofs.json").write_text(json.dumps(proofs, default=str))
    return exported


def verify(program: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    vkey = keys.log_signer().verifier.encoded()
    return subprocess.run(
        [str(program), "-key", vkey, str(folder)], capture_output=True, text=True, check=False
    )


def test_an_independent_implementation_verifies_checkpoints_tree_and_every_proof(
    program: Path, folder: Path
) -> None:
    done = verify(program, folder)

    entries = (folder / "entries.ndjson").read_bytes().count(b"\n")
    checkpoints = LogCheckpoint.objects.count()
    proofs = entries + checkpoints * (checkpoints + 1) // 2
    assert done.stderr == ""
    assert done.stdout == (
        f"verified {entries} entries, {checkpoints} checkpoints, {proofs} proofs\n"
    )


def test_it_refuses_what_was_changed(program: Path, folder: Path) -> None:
    file = folder / "entries.ndjson"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"thing/7", b"thing/8", 1))
    assert "do not have the root that was signed" in verify(program, folder).stderr

    file.write_bytes(whole)
    proofs = json.loads((folder / "proofs.json").read_text())
    proofs["inclusion"][3]["leaf"] = "00" * 32
    (folder / "proofs.json").write_text(json.dumps(proofs))
    assert verify(program, folder).returncode == 1
