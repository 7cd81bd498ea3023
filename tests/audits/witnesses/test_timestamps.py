"""Timestamps of checkpoints by an authority: OpenSSL's, behind a small server."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audits.models import LogAnchor, LogSink
from tests.audits.transparency.growing import grow, journal
from tests.audits.transparency.tampering import run, without_guards
from tests.audits.witnesses.conftest import work_off
from tests.support.parts import missing

pytestmark = pytest.mark.django_db
CONFIGURATION = """
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = req
prompt = no
[ts]
default_tsa = here
[here]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of a root and of an authority under it, and of another root."""
    if shutil.which("openssl") is None:
        missing("the authority for timestamps needs openssl")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "conf").write_text(CONFIGURATION)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("ca", "other"):
        made = ("-x509", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "30")
        openssl(folder, "req", "-config", "conf", "-extensions", "ca", *new, *made,
                "-subj", f"/CN={name}")  # fmt: skip
    openssl(folder, "req", "-config", "conf", *new, "-keyout", "tsa.key", "-out", "tsa.csr",
            "-subj", "/CN=tsa")  # fmt: skip
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-out", "tsa.pem", "-days", "30", "-extfile", "conf", "-extensions", "tsa")  # fmt: skip
    (folder / "serial").write_text("01")
    return folder


@pytest.fixture
def authority(authority_folder: Path, settings: Any) -> Iterator[Path]:
    """The authority listens, and the settings name it and its root."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            (authority_folder / "query").write_bytes(query)
            arguments = ("ts", "-reply", "-config", "conf", "-section", "here")
            openssl(authority_folder, *arguments, "-queryfile", "query", "-out", "answer")
            answer = (authority_folder / "answer").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.LOG_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    settings.LOG_TIMESTAMP_ROOTS = str(authority_folder / "ca.pem")
    try:
        yield authority_folder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_checkpoint_is_timestamped_and_others_verify_that(
    authority: Path, tmp_path: Path
) -> None:
    journal(3)
    newest = grow()
    work_off()

    row = LogAnchor.objects.get()
    assert row.checkpoint == newest
    (tmp_path / "note").write_text(newest.note)
    (tmp_path / "answer").write_bytes(base64.b64decode(row.receipt))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "note", "-in", "answer", "-CAfile",
         str(authority / "ca.pem")],
        cwd=tmp_path, capture_output=True, text=True, env={**os.environ}, check=False,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr


def test_verify_audit_verifies_timestamps(
    authority: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        journal(3)
        grow()
        work_off()
    call_command("verify_audit")
    assert "verified 2 timestamps" in capsys.readouterr().out


def test_a_timestamp_of_another_checkpoint_is_found(
    authority: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        journal(3)
        grow()
        work_off()
    first, second = LogAnchor.objects.order_by("id")
    without_guards()
    run("UPDATE audits_loganchor SET receipt = %s WHERE id = %s", first.receipt, second.pk)

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 13
    assert f"the timestamp of {second.checkpoint.size} entries" in capsys.readouterr().out


def test_an_authority_under_another_root_is_not_believed(authority: Path, settings: Any) -> None:
    settings.LOG_TIMESTAMP_ROOTS = str(authority / "other.pem")
    journal(3)
    grow()
    work_off()

    assert "does not verify" in LogSink.objects.get().error
    assert not LogAnchor.objects.exists()


def test_an_authority_that_is_away_is_shown(authority: Path, settings: Any) -> None:
    settings.LOG_TIMESTAMP_URL = "http://127.0.0.1:1/tsr"
    journal(3)
    grow()
    work_off()

    assert "ConnectionRefusedError" in LogSink.objects.get().error
