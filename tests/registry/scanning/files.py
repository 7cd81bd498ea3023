"""Files for the scanner, made here: harmless ones, and real attacks that nobody ever loads."""

from __future__ import annotations

import builtins
import importlib
import io
import json
import os
import pickle
import runpy
import struct
import subprocess
import sys
import webbrowser
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from registry.scanning import Report
from registry.scanning.scan import scan


class Calls:
    """Pickles as a call of `function`."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def look(content: bytes) -> Report:
    """What the scanner tells of a file with that content."""
    return scan(io.BytesIO(content), len(content))


def zipped(members: Mapping[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def torch_file(pickled: bytes) -> bytes:
    """The shape that torch.save gives a checkpoint."""
    return zipped(
        {
            "archive/data.pkl": pickled,
            "archive/byteorder": b"little",
            "archive/data/0": bytes(range(256)),
            "archive/version": b"3\n",
        }
    )


def legacy_torch_file(pickled: bytes) -> bytes:
    """The shape that torch.save gave a checkpoint before version 1.6."""
    parts = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    head = b"".join(pickle.dumps(part, 2) for part in parts)
    return head + pickled + pickle.dumps(["0"], 2) + bytes(64)


def safetensors(header: object, *, tail: int) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(tail)


def array_file(array: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def message(*fields: tuple[int, int | bytes]) -> bytes:
    """A protocol buffers message of varint and length-delimited fields."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def onnx_file(*, location: str = "") -> bytes:
    """An ONNX model of one tensor, which lies elsewhere if `location` names a file."""
    entry = message((1, b"location"), (2, location.encode()))
    outside: list[tuple[int, int | bytes]] = [(13, entry), (14, 1)] if location else []
    tensor = message((1, 2), (2, 1), (8, b"w"), *outside)
    graph = message((2, b"main"), (5, tensor))
    return message((1, 8), (2, b"tests"), (7, graph), (8, message((1, b""), (2, 17))))


FILE = "this-must-never-run"
COMMAND = f"touch {FILE}"
# What each really does when it is unpickled: never do so.
ATTACKS: dict[str, Calls] = {
    "os.system": Calls(os.system, COMMAND),
    "subprocess.Popen": Calls(subprocess.Popen, COMMAND),
    "subprocess.check_output": Calls(subprocess.check_output, [COMMAND]),
    "builtins.eval": Calls(eval, f"__import__('os').system('{COMMAND}')"),
    "builtins.exec": Calls(exec, f"import os; os.system('{COMMAND}')"),
    "builtins.__import__": Calls(builtins.__import__, "os"),
    "builtins.getattr": Calls(getattr, "os", "system"),
    "builtins.open": Calls(open, FILE, "w"),
    "importlib.import_module": Calls(importlib.import_module, "os"),
    "runpy.run_path": Calls(runpy.run_path, FILE),
    "webbrowser.open": Calls(webbrowser.open, "http://127.0.0.1:9/"),
    "pickle.loads": Calls(pickle.loads, b"N."),
    "sys.exit": Calls(sys.exit, 1),
}
