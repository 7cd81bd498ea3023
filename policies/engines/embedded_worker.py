"""The child process of the embedded engine: regopy behind length-prefixed JSON frames.

Run as a script, in isolated mode, with an empty environment and without `site`; therefore it
imports only the standard library and regopy. What regopy does not guard is guarded here:

* it prints errors, warnings and `print()` to stdout: the protocol has private descriptors;
* an interpreter shared between threads crashes: this process has one thread;
* it has no time limit: the parent kills, and ``RLIMIT_CPU`` ends an orphan;
* ``set_input`` lets a string break out of its quotes: only ``set_input_term`` is used, with the
  JSON that the parent wrote;
* `trim` lets a quote of the input break out of a string of its answer: `embedded_answers`;
* some errors come back as text that is no JSON, or as ``<error>``: both become errors here.

Requests are ``check``, ``trace`` and ``evaluate``; an ``evaluate`` is answered by one frame per
policy, so that the parent knows which policy it killed. The process ends when its input ends.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import json
import os
import re
import resource
import struct
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


def sibling(name: str) -> Any:
    """A module of this folder: isolated mode keeps the folder, and the package, off the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None  # it is a file
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ANSWERS = sibling("embedded_answers")
HEADER = struct.Struct(">I")
MAX_COMPILED = 512
_MESSAGE = re.compile(r"\(errormsg \d+:(.*?)\)\n", re.DOTALL)
_ERROR = re.compile(r"\(error \d+:.*?\|(\d+)\|\d+\s+\(errormsg \d+:(.*?)\)\n", re.DOTALL)


class Compiled:
    """One policy made ready, in an interpreter of its own.

    Compiled together, functions of equal name in different packages disturb each other: the
    result is a false error, a crash, or worse.
    """

    def __init__(self, path: str, source: str, entrypoint: str) -> None:
        self.entrypoint = entrypoint
        self.builder = new_interpreter()
        self.builder.add_module(path, source)
        self.bundle = self.builder.build(None, [entrypoint])
        if not self.bundle.ok():
            raise ValueError("the policy does not compile")

    def evaluate(self, interpreter: Any, *, has_quotes: bool) -> dict[str, Any]:
        """``{"value": …}``, ``{"undefined": true}`` or ``{"error": text}``."""
        output = interpreter.query_bundle_entrypoint(self.bundle, self.entrypoint)
        if not output.ok():
            return {"error": error_text(output)}
        values = output[0].expressions
        if not values:
            return {"undefined": True}
        if has_quotes and not ANSWERS.is_faithful(output, values[0]):
            return {"error": "a text with quotes broke out of them, in the engine's answer"}
        return {"value": values[0]}


class Worker:
    """Answers requests until the input ends; keeps the policies used last compiled."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self.source = source
        self.sink = sink
        self.compiled: OrderedDict[str, Compiled] = OrderedDict()
        # Where policies run: the input is converted once for all of them.
        self.interpreter = new_interpreter()
        self.interpreter.strict_built_in_errors = True
        self.has_quotes = False

    def serve(self) -> None:
        while (request := read_frame(self.source)) is not None:
            limit_cpu(request["cpu_seconds"])
            if request["op"] == "check":
                write_frame(self.sink, check(request["path"], request["source"]))
            elif request["op"] == "trace":
                write_frame(self.sink, self.trace(request))
            else:
                self.evaluate(request)

    def evaluate(self, request: dict[str, Any]) -> None:
        policies = request["policies"]
        missing = [
            each["digest"]
            for each in policies
            if "source" not in each and each["digest"] not in self.compiled
        ]
        if missing:
            write_frame(self.sink, {"missing": missing})
            return
        try:
            self.take_input(request["input"])
        except failures() as error:
            write_frame(self.sink, {"refused": readable(error)})
            return
        write_frame(self.sink, {"accepted": True})
        for policy in policies:
            limit_cpu(request["cpu_seconds"])
            started = time.perf_counter_ns()
            answer = self.answer(policy)
            answer["duration_us"] = (time.perf_counter_ns() - started) // 1000
            write_frame(self.sink, answer)
        self.forget_oldest()

    def trace(self, request: dict[str, Any]) -> dict[str, Any]:
        """As `evaluate`, of one policy, with what it prints under ``printed``.

        A pipe that is full makes C++ give up its stdout: the parent ends this process afterwards.
        """
        (policy,) = request["policies"]
        started = time.perf_counter_ns()
        with captured() as printed:
            try:
                self.take_input(request["input"])
                answer = self.answer(policy)
            except failures() as error:
                answer = {"error": readable(error)}
        answer["duration_us"] = (time.perf_counter_ns() - started) // 1000
        answer["printed"] = b"".join(printed).decode(errors="replace")
        return answer

    def take_input(self, document: str) -> None:
        self.has_quotes = '\\"' in document
        self.interpreter.set_input_term(document)

    def answer(self, policy: dict[str, Any]) -> dict[str, Any]:
        try:
            ready = self.compiled_policy(policy)
            return ready.evaluate(self.interpreter, has_quotes=self.has_quotes)
        except json.JSONDecodeError as error:
            # regopy parses its own output; an error inside it is no JSON.
            return {"error": f"the engine's answer is no JSON: {error}"}
        except failures() as error:
            return {"error": readable(error)}

    def compiled_policy(self, policy: dict[str, Any]) -> Compiled:
        digest = policy["digest"]
        if digest not in self.compiled:
            self.compiled[digest] = Compiled(policy["path"], policy["source"], policy["entrypoint"])
        self.compiled.move_to_end(digest)
        return self.compiled[digest]

    def forget_oldest(self) -> None:
        while len(self.compiled) > MAX_COMPILED:
            self.compiled.popitem(last=False)


def check(path: str, source: str) -> dict[str, Any]:
    """Parse one module alone; problems as ``[byte offset or null, message]``."""
    try:
        new_interpreter().add_module(path, source)
    except failures() as error:
        found = _ERROR.findall(str(error))
        problems = [[int(offset), message] for offset, message in found]
        return {"problems": problems or [[None, readable(error)]]}
    return {"problems": []}


def error_text(output: Any) -> str:
    """The messages inside the error tree of an output that is not ok."""
    messages = _MESSAGE.findall(str(output.node()))
    return "; ".join(messages) or "the engine stopped with an error"


def new_interpreter() -> Any:
    regopy = importlib.import_module("regopy")
    interpreter = regopy.Interpreter()
    interpreter.log_level = regopy.LogLevel.NONE
    return interpreter


def failures() -> tuple[type[Exception], ...]:
    """What regopy raises; anything else ends this process, which the parent reports as an error."""
    regopy = importlib.import_module("regopy")
    return (regopy.RegoError, ValueError, RecursionError, MemoryError)


def readable(error: Exception) -> str:
    messages = [message for _, message in _ERROR.findall(str(error))]
    return "; ".join(messages) or f"{type(error).__name__}: {error}"[:500]


def limit_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of CPU; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def limit_process(memory_bytes: int) -> None:
    """Bound memory beyond what is mapped now; no core dumps, no files.

    After regopy is loaded: its allocator maps 256 GiB of address space that it never touches.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    for limit, value in (
        (resource.RLIMIT_AS, pages * resource.getpagesize() + memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def read_frame(source: BinaryIO) -> dict[str, Any] | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    body = source.read(length)
    if len(body) < length:
        return None
    frame: dict[str, Any] = json.loads(body)
    return frame


def write_frame(sink: BinaryIO, frame: dict[str, Any]) -> None:
    body = json.dumps(frame).encode()
    sink.write(HEADER.pack(len(body)) + body)
    sink.flush()


@contextmanager
def captured() -> Iterator[list[bytes]]:
    """What is written to stdout meanwhile, as far as a pipe holds it; the rest is lost."""
    printed: list[bytes] = []
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = os.dup(1)
    os.dup2(writing, 1)
    os.close(writing)
    try:
        yield printed
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(before, 1)
        os.close(before)
        while chunk := os.read(reading, 1 << 16):
            printed.append(chunk)
        os.close(reading)


def private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of the parent under new descriptors; 0, 1 and 2 lead nowhere from here on."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return source, sink


def main(folder: str, memory_bytes: str) -> None:
    source, sink = private_streams()
    sys.path.append(folder)
    try:
        regopy = importlib.import_module("regopy")
        limit_process(int(memory_bytes))
        write_frame(sink, {"ready": True, "version": regopy.rego_version()})
    except (ImportError, OSError, ValueError) as error:
        write_frame(sink, {"ready": False, "error": f"{type(error).__name__}: {error}"})
        return
    try:
        Worker(source, sink).serve()
    except BrokenPipeError:
        # The parent is gone; nobody is left to tell, and flushing at exit would fail again.
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
