"""A witness of other people, litewitness, built from tools/litewitness, cosigns our log."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audits.models import LogCosignature, LogKey, LogSink
from audits.services.transparency.export import export_log
from audits.verifier import muniment_verify
from console.bootstrap import ROOT
from core import actors
from tests.audits.transparency.growing import grow, journal
from tests.audits.witnesses.conftest import work_off
from tests.audits.witnesses.test_cosigning import forget_the_newest
from tests.support.fetching import run_fetching
from tests.support.parts import missing
from tests.support.processes import free_port, wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.interop]
MODULE = "filippo.io/torchwood/cmd/litewitness"
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = shutil.which("go")
    if go is None or shutil.which("ssh-agent") is None:
        missing("litewitness needs Go and ssh-agent")
    built = tmp_path_factory.mktemp("litewitness") / "litewitness"
    done = run_fetching(
        [str(go), "build", "-mod=readonly", "-o", str(built), MODULE],
        cwd=ROOT / "tools" / "litewitness",
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"},
    )
    if done.returncode:
        missing(f"litewitness cannot be built: {done.stderr[-500:]}")
    return built


@dataclass(frozen=True)
class Started:
    """A running one: where it listens, its key, and what it stores."""

    url: str
    vkey: str
    database: Path

    def trusts(self, log_key: str, origin: str) -> None:
        """Do what its operator does with witnessctl: let it know a log."""
        with sqlite3.connect(self.database, timeout=60) as database:
            database.execute("INSERT INTO log VALUES (?, 0, ?)", (origin, EMPTY))
            database.execute("INSERT INTO key VALUES (?, ?)", (origin, log_key))

    def size(self, origin: str) -> int:
        """The size that it cosigned last."""
        with sqlite3.connect(self.database, timeout=60) as database:
            row = database.execute("SELECT tree_size FROM log WHERE origin = ?", (origin,))
            return int(row.fetchone()[0])


@pytest.fixture
def litewitness(program: Path) -> Iterator[Started]:
    # The path of a socket has to be short.
    folder = Path(f"/tmp/muniment-{os.getpid()}")  # noqa: S108 - removed below
    folder.mkdir(mode=0o700)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(folder / "agent")], stdout=-3)
    try:
        wait_until((folder / "agent").exists, what="the agent")
        key = folder / "key"
        env = {**os.environ, "SSH_AUTH_SOCK": str(folder / "agent")}
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(key)], check=True)
        subprocess.run(["ssh-add", "-q", str(key)], env=env, check=True)
        told = subprocess.run(["ssh-add", "-l"], env=env, check=True, capture_output=True)
        yield from _started(program, folder, told.stdout.decode().split()[1])
    finally:
        agent.terminate()
        agent.wait()
        shutil.rmtree(folder)


def _started(program: Path, folder: Path, fingerprint: str) -> Iterator[Started]:
    port = free_port()
    log = folder / "log"
    arguments = ["-name", "witness.test/lite", "-db", str(folder / "db"), "-key", fingerprint]
    arguments += ["-ssh-agent", str(folder / "agent"), "-listen", f"127.0.0.1:{port}"]
    with log.open("w") as file:
        process = subprocess.Popen([str(program), *arguments], stderr=file)
    try:
        wait_until(lambda: "listening" in log.read_text(), what="the witness")
        found = re.search(r'vkey="?([^"\s]+)', log.read_text())
        assert found
        yield Started(f"http://127.0.0.1:{port}/", found[1], folder / "db")
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait()


@pytest.fixture
def log_key(settings: Any, litewitness: Started) -> str:
    journal(3)
    grow()
    settings.LOG_WITNESSES = [f"{litewitness.url} {litewitness.vkey}"]
    return LogKey.objects.get(purpose="log").vkey


def test_it_cosigns_what_grows_and_the_verifier_believes_it(
    litewitness: Started, log_key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal(1)
    grow()
    work_off()
    assert "give it the key" in LogSink.objects.get().error  # it answers 403 to a log unknown

    litewitness.trusts(log_key, "localhost/journal")
    for count in (1, 300, 5, 40):
        journal(count)
        newest = grow()
        work_off()
        assert LogSink.objects.get().error == ""
        assert litewitness.size(newest.origin) == newest.size
    assert LogCosignature.objects.count() == 4

    folder = export_log(tmp_path / "log", actor=actors.system()).folder
    arguments = [str(folder), "--key", log_key, "--witness", litewitness.vkey]
    assert muniment_verify.main(arguments) == 0
    assert f"witness.test/lite cosigned {newest.size} entries" in capsys.readouterr().out


def test_a_lost_cursor_is_found_again(litewitness: Started, log_key: str) -> None:
    litewitness.trusts(log_key, "localhost/journal")
    journal(9)
    grow()
    work_off()
    LogSink.objects.update(size=0)
    journal(9)
    newest = grow()
    work_off()

    assert litewitness.size(newest.origin) == newest.size
    assert LogSink.objects.get().error == ""


@pytest.mark.parametrize(("regrown", "told"), [(1, "a tree of"), (60, "another tree of")])
def test_it_refuses_another_view_of_the_log(
    litewitness: Started, log_key: str, regrown: int, told: str
) -> None:
    litewitness.trusts(log_key, "localhost/journal")
    journal(20)
    known = grow()
    work_off()
    forget_the_newest()
    journal(regrown)
    grow()
    work_off()

    assert LogSink.objects.get().dispute.endswith(f"{told} {known.size} entries")
    assert litewitness.size(known.origin) == known.size
