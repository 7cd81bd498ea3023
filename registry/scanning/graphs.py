"""ONNX models: protocol buffers without a magic number, whose tensors may lie in other files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from registry.scanning.limits import exactly
from registry.scanning.verdicts import Finding, Verdict

if TYPE_CHECKING:
    from registry.scanning.limits import Budget

MODEL_FIELDS = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}
IR_VERSION, GRAPH, OPERATOR_SETS = 1, 7, 8
# Where messages lie in messages: ModelProto.graph, GraphProto.node and initializer,
# NodeProto.attribute, AttributeProto.t, g, tensors and graphs, TensorProto.external_data.
CHILDREN = {
    "model": {7: "graph"},
    "graph": {1: "node", 5: "tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph"},
    "tensor": {13: "external"},
}
MOST_NESTED = 64
MAX_PATH = 4096


class NotOnnx(ValueError):
    """The bytes are no ONNX model."""


def check_onnx(file: BinaryIO, size: int, budget: Budget) -> list[Finding]:
    """Return findings on tensors that lie outside of the file's folder; raises NotOnnx."""
    file.seek(0)
    found = set()
    for number, wire, _, _ in _fields(file, size):
        budget.step()
        if MODEL_FIELDS.get(number) != wire:
            raise NotOnnx
        found.add(number)
    if not {IR_VERSION, GRAPH, OPERATOR_SETS} <= found:
        raise NotOnnx
    file.seek(0)
    return [_judged(path) for path in _external(file, size, "model", budget)]


def _judged(path: str) -> Finding:
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return Finding("path-traversal", f"tensors at {path[:200]!r}", Verdict.DANGEROUS)
    return Finding("external-data", f"tensors at {path[:200]!r}", Verdict.SAFE)


def _external(
    file: BinaryIO, end: int, message: str, budget: Budget, *, depth: int = 0
) -> Iterator[str]:
    """Yield the locations of external data in the message that ends at ``end``."""
    if depth > MOST_NESTED:
        raise ValueError("the graph is nested too deeply")
    for number, wire, start, stop in _fields(file, end):
        budget.step()
        child = CHILDREN[message].get(number) if wire == 2 else None
        if child == "external":
            file.seek(start)
            yield from _location(file, stop)
        elif child:
            file.seek(start)
            yield from _external(file, stop, child, budget, depth=depth + 1)


def _location(file: BinaryIO, end: int) -> Iterator[str]:
    entry = {}
    for number, wire, start, stop in _fields(file, end):
        if wire == 2 and stop - start <= MAX_PATH:
            file.seek(start)
            entry[number] = exactly(file, stop - start).decode("utf-8", "replace")
        elif wire == 2:
            raise ValueError("a path is longer than any file system takes")
    if entry.get(1) == "location":
        yield entry.get(2, "")


def _fields(file: BinaryIO, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, wire type, start and end of each field up to ``end``; raises NotOnnx."""
    position = file.tell()
    while position < end:
        file.seek(position)
        tag = _varint(file)
        number, wire = tag >> 3, tag & 7
        length = {1: 8, 5: 4}.get(wire, 0)
        if wire == 0:
            _varint(file)
        elif wire == 2:
            length = _varint(file)
        elif wire not in (1, 5):
            raise NotOnnx
        start = file.tell()
        position = start + length
        if position > end or number == 0:
            raise NotOnnx
        yield number, wire, start, position


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            raise NotOnnx
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise NotOnnx
