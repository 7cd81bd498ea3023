from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.bootstrap import ROOT
from tests.support.processes import wait_until

SCRIPT = """
import sys, time
from console.supervisor import Program, Supervisor

folder = sys.argv[1]
child = (
    "import os, pathlib, signal, sys, time\\n"
    "folder = pathlib.Path(sys.argv[1])\\n"
    "if sys.argv[2] == 'deaf': signal.signal(signal.SIGTERM, signal.SIG_IGN)\\n"
    "(folder / f'started-{os.getpid()}').touch()\\n"
    "time.sleep(60)\\n"
)
Supervisor(
    [Program(name="child", command=[sys.executable, "-c", child, folder, sys.argv[2]],
             grace_seconds=0.5)],
    say=print,
).run(each_round=lambda: None)
print("modules", "django" in sys.modules, flush=True)
"""

Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a supervisor of one child that is `polite` or `deaf` to SIGTERM."""
    started: list[subprocess.Popen[str]] = []

    def run(manners: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path), manners],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        wait_until(lambda: bool(children(tmp_path)), what="the first child")
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def children(folder: Path) -> list[int]:
    """Process ids of every child that was started."""
    return [int(path.name.removeprefix("started-")) for path in folder.glob("started-*")]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_child_that_dies_is_started_again(start: Start, tmp_path: Path) -> None:
    start("polite")
    (first,) = children(tmp_path)

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: len(children(tmp_path)) == 2, what="the second child")
    assert not is_alive(first)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_child_and_then_the_supervisor(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    supervisor = start("polite")
    (child,) = children(tmp_path)

    supervisor.send_signal(number)
    output, _ = supervisor.communicate(timeout=60)

    assert supervisor.returncode == 0
    assert not is_alive(child)
    assert "modules False" in output


def test_a_child_that_ignores_the_request_is_killed_after_its_grace(
    start: Start, tmp_path: Path
) -> None:
    supervisor = start("deaf")
    (child,) = children(tmp_path)
    began = time.monotonic()

    supervisor.terminate()
    supervisor.wait(timeout=60)

    assert not is_alive(child)
    assert time.monotonic() - began >= 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_children_end_with_a_supervisor_that_is_killed(start: Start, tmp_path: Path) -> None:
    supervisor = start("polite")
    (child,) = children(tmp_path)

    supervisor.kill()

    wait_until(lambda: not is_alive(child), what="the end of the orphan")
