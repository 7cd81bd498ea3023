"""One spawned child of the embedded engine, and the pool that lends children to threads."""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from policies.engines.base import EngineUnavailable

HEADER = struct.Struct(">I")
MAX_FRAME_BYTES = 64 * 1024 * 1024
START_SECONDS = 20.0
_SCRIPT = Path(__file__).with_name("embedded_worker.py")


class WorkerDied(Exception):
    """The child ended without an answer: a crash, a kernel limit, or killed from outside."""


class WorkerTimeout(Exception):
    """No answer in time; the child has been killed."""


class WorkerProcess:
    """A child and its two pipes. Used by one thread at a time; any failure kills it.

    Started by exec, not fork, so that it is safe from threads; with an empty environment, because
    ``opa.runtime()`` shows the whole environment to whoever writes a policy.
    """

    def __init__(self, *, library_folder: str, memory_bytes: int) -> None:
        command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(_SCRIPT)]
        self._open = True
        child_reads, self._to_child = os.pipe()
        self._from_child, child_writes = os.pipe()
        try:
            self._process = subprocess.Popen(
                [*command, library_folder, str(memory_bytes)],
                stdin=child_reads,
                stdout=child_writes,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            )
        except OSError as error:
            self.forget()
            raise EngineUnavailable(f"the embedded engine did not start: {error}") from error
        finally:
            os.close(child_reads)
            os.close(child_writes)
        os.set_blocking(self._to_child, False)
        os.set_blocking(self._from_child, False)
        self._buffer = bytearray()
        self.version = ""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait for the child's first word; raises `EngineUnavailable` with its reason."""
        try:
            frame = self.receive(until=time.monotonic() + START_SECONDS)
        except (WorkerDied, WorkerTimeout) as error:
            raise EngineUnavailable(f"the embedded engine did not start: {error}") from error
        if not frame.get("ready"):
            self.kill()
            raise EngineUnavailable(f"the embedded engine did not start: {frame.get('error')}")
        self.version = str(frame["version"])

    def send(self, frame: dict[str, Any], *, until: float) -> None:
        """Write one frame; `until` is a moment of the monotonic clock."""
        body = json.dumps(frame).encode()
        rest = memoryview(HEADER.pack(len(body)) + body)
        while rest:
            self._wait(self._to_child, selectors.EVENT_WRITE, until)
            try:
                rest = rest[os.write(self._to_child, rest) :]
            except OSError as error:
                raise WorkerDied(self._obituary()) from error

    def receive(self, *, until: float) -> dict[str, Any]:
        """Read one frame; raises `WorkerTimeout` or `WorkerDied`, and the child is gone then."""
        self._fill(HEADER.size, until)
        (length,) = HEADER.unpack(self._buffer[: HEADER.size])
        if length > MAX_FRAME_BYTES:
            self.kill()
            raise WorkerDied(f"its answer has {length} bytes")
        self._fill(HEADER.size + length, until)
        body = bytes(self._buffer[HEADER.size : HEADER.size + length])
        del self._buffer[: HEADER.size + length]
        frame: dict[str, Any] = json.loads(body)
        return frame

    def kill(self) -> None:
        """End the child and reap it."""
        with suppress(OSError):
            self._process.kill()
        self.forget()
        self._process.wait()

    def forget(self) -> None:
        """Close the pipes only: after a fork the child still belongs to the parent process."""
        if self._open:
            self._open = False
            os.close(self._to_child)
            os.close(self._from_child)

    def _fill(self, size: int, until: float) -> None:
        while len(self._buffer) < size:
            self._wait(self._from_child, selectors.EVENT_READ, until)
            chunk = os.read(self._from_child, 1 << 16)
            if not chunk:
                raise WorkerDied(self._obituary())
            self._buffer += chunk

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, until - time.monotonic())):
                self.kill()
                raise WorkerTimeout("no answer within the deadline")

    def _obituary(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        self.kill()
        code = self._process.returncode
        return f"ended by signal {-code}" if code < 0 else f"ended with code {code}"


class WorkerPool:
    """At most `size` children, started when first needed and lent to one thread each."""

    def __init__(self, *, library_folder: str, memory_bytes: int, size: int) -> None:
        self._library_folder = library_folder
        self._memory_bytes = memory_bytes
        self._free = threading.BoundedSemaphore(size)
        self._size = size
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._closed = False
        pool = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget_inherited(pool))

    @contextmanager
    def lend(self, *, until: float) -> Iterator[WorkerProcess]:
        """A live child; it returns to the pool unless it has been killed meanwhile."""
        if not self._free.acquire(timeout=max(0.0, until - time.monotonic())):
            raise WorkerTimeout("every worker was busy until the deadline")
        worker: WorkerProcess | None = None
        try:
            worker = self._idle_worker() or self._new_worker()
            yield worker
        except BaseException:
            # Its conversation may have stopped in the middle of a frame.
            if worker is not None:
                worker.kill()
            raise
        finally:
            if worker is not None:
                self._take_back(worker)
            self._free.release()

    def close(self) -> None:
        """Kill the idle children now and the busy ones when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()

    def pids(self) -> list[int]:
        """The process ids of the idle children."""
        with self._lock:
            return [worker.pid for worker in self._idle]

    def forget(self) -> None:
        """Drop what a fork copied: two processes must not talk into one pipe."""
        for worker in self._idle:
            worker.forget()
        self._idle = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(self._size)

    def _idle_worker(self) -> WorkerProcess | None:
        while True:
            with self._lock:
                if self._closed:
                    raise EngineUnavailable("the embedded engine has been closed")
                worker = self._idle.pop() if self._idle else None
            if worker is None or worker.alive:
                return worker
            worker.kill()

    def _new_worker(self) -> WorkerProcess:
        worker = WorkerProcess(library_folder=self._library_folder, memory_bytes=self._memory_bytes)
        worker.greet()
        return worker

    def _take_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if worker.alive and not self._closed:
                self._idle.append(worker)
                return
        worker.kill()


def _forget_inherited(pool: weakref.ref[WorkerPool]) -> None:
    inherited = pool()
    if inherited is not None:
        inherited.forget()
