"""Keeps a few child processes running until it is told to stop.

Standard library only, and small: this process stays resident beside the service it watches.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

ROUND_SECONDS = 0.2
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# A child that ran this long is healthy again: its next restart is prompt.
HEALTHY_SECONDS = 60.0

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that a Ctrl-C reaches only this process.

    On Linux it is asked to end when this process dies, however that happens.
    """
    return subprocess.Popen(
        list(command),
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - one prctl call in a single-threaded process
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and to what it left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how long it may take to end when asked."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    grace_seconds: float = 15.0


class Child:
    """One program and its present process."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._retry_at = 0.0
        self._delay = FIRST_DELAY_SECONDS

    def start(self) -> None:
        self._started_at = time.monotonic()
        self.process = spawn(self.program.command, environment=self.program.environment)

    def tend(self) -> str | None:
        """Restart the process if it ended and its delay is over; return what there is to say."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._retry_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        # Its own children may still hold the port.
        kill_group(self.process)
        self.process = None
        if now - self._started_at >= HEALTHY_SECONDS:
            self._delay = FIRST_DELAY_SECONDS
        delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY_SECONDS)
        self._retry_at = now + delay
        return f"{self.program.name} ended ({_ending(code)}); starting it again in {delay:g} s"

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, *, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds) for the end, then make it one."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        kill_group(self.process)
        self.process.wait()


class Supervisor:
    """Starts programs, restarts those that end, and ends all of them when asked to."""

    def __init__(self, programs: Sequence[Program], *, say: Callable[[str], None]) -> None:
        self.children = [Child(program) for program in programs]
        self._say = say
        # No event: a signal that comes while its lock is held would wait for itself.
        self._is_stopping = False

    def run(self, *, each_round: Callable[[], None]) -> None:
        """Watch until SIGINT, SIGTERM or `stop`; call `each_round` several times a second."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        try:
            for child in self.children:
                child.start()
            while not self._is_stopping:
                for child in self.children:
                    if news := child.tend():
                        self._say(news)
                each_round()
                time.sleep(ROUND_SECONDS)
        finally:
            self._end_all()

    def stop(self) -> None:
        """Make `run` return after ending the children."""
        self._is_stopping = True

    def _end_all(self) -> None:
        now = time.monotonic()
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.end(deadline=now + child.program.grace_seconds)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
