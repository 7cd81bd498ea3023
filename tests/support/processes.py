"""Processes that a test starts, watches and surely ends."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# Long enough for whatever starts a process on a machine that is busy with others.
PATIENCE_SECONDS = 120
# Below what the kernel gives to whoever connects: between the look at a port and its use nobody
# gets it by chance. Each process of a run walks through ports of its own.
_PORTS = range(10_000, 32_000)
_next_port = itertools.count(os.getpid() * 211)

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def free_port() -> int:
    """A TCP port that was free on the loopback a moment ago, another one at each call."""
    for number in itertools.islice(_next_port, len(_PORTS)):
        port = _PORTS[number % len(_PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port from {_PORTS.start} to {_PORTS.stop} is free")


def wait_until(condition: Callable[[], T], *, what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Ask `condition` every 50 ms until it is true, and return what it said; raise TimeoutError
    that names `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (said := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.05)
    return said


def accepts_connections(port: int) -> bool:
    """Whether something listens on the loopback's `port`."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(kw_only=True)
class ManagedProcess:
    """A child in its own process group, with its output in a file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        name: str,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: int | None = None,
    ) -> ManagedProcess:
        """Start `command`; as the OS user id `user` where given (needs root)."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(os.environ if env is None else env),
                cwd=cwd,
                user=user,
                group=user,
                extra_groups=[] if user is not None else None,
                start_new_session=True,
                # A killed test run must not leave servers behind.
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one prctl call, no locks taken
            )
        return cls(name=name, process=process, log=log)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def output(self, *, last: int = 4000) -> str:
        """The last characters of what the process printed."""
        return self.log.read_text(errors="replace")[-last:] if self.log.exists() else ""

    def give_way(self) -> None:
        """Let it and its children work at a third of the pace of others, where these are many:
        who watches it must not be late."""
        os.setpriority(os.PRIO_PGRP, self.process.pid, 5)

    def kill(self) -> None:
        """SIGKILL to the process and its children, at once."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, first: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
        """Ask with `first`, then SIGKILL what is left of the group."""
        if self.running:
            self.process.send_signal(first)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=seconds)
        self.kill()

    def wait_for_port(self, port: int, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until `port` answers; raise with the output when the process ends before."""

        def answers_or_ended() -> bool:
            return accepts_connections(port) or not self.running

        wait_until(answers_or_ended, what=f"{self.name} on port {port}", seconds=seconds)
        if not self.running:
            raise RuntimeError(f"{self.name} ended at once:\n{self.output()}")

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
