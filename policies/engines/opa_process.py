"""One run of the OPA binary: bounded in time, memory and output, with an empty environment."""

from __future__ import annotations

import os
import resource
import selectors
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from policies.engines.base import EngineUnavailable

MAX_OUTPUT = 16 * 1024 * 1024
# Go reserves address space that it never touches; a healthy OPA stays far below.
MEMORY_BYTES = 4 * 1024 * 1024 * 1024
_CHUNK = 1 << 16


class OpaTimeout(EngineUnavailable):
    """OPA ran longer than it may, and was killed."""


class OpaTooLoud(EngineUnavailable):
    """OPA wrote more than is taken, and was killed."""


def run_opa(
    binary: Path, arguments: Sequence[str], *, seconds: float, limit: int = MAX_OUTPUT
) -> subprocess.CompletedProcess[str]:
    """Run OPA to its end and return what it wrote.

    Raises `OpaTimeout` after ``seconds``, `OpaTooLoud` beyond ``limit`` bytes of either stream,
    `EngineUnavailable` when it does not start. The process is gone in each case.
    """
    command = [str(binary), *arguments]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"HOME": "/nonexistent"},
        )
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"{binary} does not run: {error}") from error
    with process:
        try:
            with suppress(OSError):  # it may be over already
                resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            out, err = _read(process, until=time.monotonic() + seconds, limit=limit)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _read(process: subprocess.Popen[bytes], *, until: float, limit: int) -> tuple[str, str]:
    assert process.stdout is not None
    assert process.stderr is not None  # both are pipes
    read = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    with selectors.DefaultSelector() as selector:
        for descriptor in read:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(max(0.0, until - time.monotonic()))
            if not ready:
                raise OpaTimeout("OPA gave no answer within the deadline")
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fd)
                read[key.fd] += chunk
                if len(read[key.fd]) > limit:
                    raise OpaTooLoud(f"OPA wrote more than {limit} bytes")
    out, err = read.values()
    return out.decode(errors="replace"), err.decode(errors="replace")
