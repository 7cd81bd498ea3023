"""The first command of the README, on a fresh clone and on a started installation."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.bootstrap import ROOT
from tests.support.client import Client
from tests.support.processes import ManagedProcess, free_port, wait_until
from tests.support.service import clean_environment

pytestmark = pytest.mark.slow

READY = "Muniment is ready."


class Installation:
    """A checkout that `up` is run in."""

    def __init__(self, checkout: Path, *, folder: Path, python: str) -> None:
        self.checkout = checkout
        self.folder = folder
        self.python = python
        self.environment = clean_environment(folder / "data", {})
        del self.environment["MUNIMENT_BOOTSTRAP"]
        self.port = free_port()
        self.starts = 0

    def up(self, *options: str) -> ManagedProcess:
        """Run `up` until it says that it is ready."""
        self.starts += 1
        process = ManagedProcess.start(
            [self.python, "manage.py", "up", "--port", str(self.port), *options],
            name="up",
            log=self.folder / f"up-{self.starts}.log",
            env=self.environment,
            cwd=self.checkout,
        )
        began = time.monotonic()
        try:
            wait_until(
                lambda: READY in process.output() or not process.running, what="up", seconds=900
            )
            assert process.running, process.output()
        except BaseException:
            process.stop()
            raise
        print(f"\nready after {time.monotonic() - began:.1f} s")
        return process

    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.port}")


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """This checkout with a data folder of its own."""
    return Installation(ROOT, folder=tmp_path, python=sys.executable)


def children_of(pid: int) -> list[int]:
    """Direct children of a process, oldest first."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def test_a_fresh_clone_reaches_ready_with_nothing_but_python(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--local", ROOT, clone], check=True)
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    installation = Installation(clone, folder=tmp_path, python=str(base))

    process = installation.up()
    try:
        installation.client().get("/ready").expect(200)
        assert re.search(r"Login +admin / \S{20}", process.output())
    finally:
        process.stop(seconds=120)

    process = installation.up()
    process.stop(seconds=120)
    assert process.process.returncode == 0
    assert "installing" not in process.output()


def test_a_second_start_keeps_the_account_and_shows_no_password(here: Installation) -> None:
    first = here.up("--no-demo")
    first.stop(seconds=120)
    second = here.up("--no-demo")
    second.stop(seconds=120)

    assert re.search(r"admin / \S{20}", first.output())
    assert "admin / " not in second.output()


def test_killed_children_come_back_and_ctrl_c_stops_everything(here: Installation) -> None:
    process = here.up("--no-demo")
    try:
        before = children_of(process.pid)
        assert len(before) == 2
        for child in before:
            os.kill(child, signal.SIGKILL)

        wait_until(
            lambda: len(set(children_of(process.pid)) - set(before)) == 2, what="new children"
        )
        wait_until(lambda: answers(here), what="the restarted web server")
        after = children_of(process.pid)
    finally:
        process.stop(first=signal.SIGINT, seconds=120)

    assert process.process.returncode == 0
    assert not [child for child in after if Path(f"/proc/{child}").exists()]
    assert "stopped" in process.output()


def test_a_killed_supervisor_leaves_nothing_running(here: Installation) -> None:
    process = here.up("--no-demo")
    children = children_of(process.pid)

    process.kill()

    wait_until(
        lambda: not [child for child in children if Path(f"/proc/{child}").exists()],
        what="the end of the children",
    )
    here.up("--no-demo").stop(seconds=120)


@pytest.mark.opa
def test_policies_can_be_evaluated_by_a_supervised_opa(here: Installation) -> None:
    process = here.up("--no-demo", "--opa")
    try:
        commands = [
            Path(f"/proc/{child}/cmdline").read_bytes() for child in children_of(process.pid)
        ]
        settings = Path(f"/proc/{children_of(process.pid)[1]}/environ").read_bytes()
    finally:
        process.stop(seconds=120)

    assert b"--authorization=basic" in commands[0]
    assert b"MUNIMENT_OPA_URL=http://127.0.0.1:" in settings
    assert b"MUNIMENT_OPA_TOKEN=" in settings


def answers(installation: Installation) -> bool:
    """Whether the web server is ready."""
    client = installation.client()
    try:
        return client.get("/ready").status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def test_the_supervisor_stays_small(here: Installation) -> None:
    process = here.up("--no-demo")
    status = Path(f"/proc/{process.pid}/status").read_text()
    process.stop(seconds=120)

    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    resident = int(line.split()[1])
    print(f"\nsupervisor: {resident / 1024:.1f} MiB resident")
    assert resident < 20 * 1024
