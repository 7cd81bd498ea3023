"""Formats that hold numbers: safetensors, GGUF, NumPy's arrays."""

from __future__ import annotations

import ast
import json
import struct
from typing import BinaryIO

from registry.scanning.limits import exactly
from registry.scanning.verdicts import Finding, Verdict

MAX_HEADER = 100_000_000  # as the reference implementation of safetensors has it
MAX_ARRAY_HEADER = 64 * 1024
MAX_GGUF_ENTRIES = 1_000_000
BITS = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "U8": 8,
    "I8": 8,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
    "I32": 32,
    "U32": 32,
    "F32": 32,
    "C64": 64,
    "F64": 64,
    "I64": 64,
    "U64": 64,
}


def looks_like_safetensors(head: bytes, size: int) -> bool:
    """Tell whether a file that starts with ``head`` claims to be safetensors."""
    if len(head) < 9:
        return False
    return head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= size - 8


def check_safetensors(file: BinaryIO, size: int) -> list[Finding]:
    """Return what is wrong with the header; tensors are numbers and need no look."""
    length = int.from_bytes(exactly(file, 8), "little")
    if length > min(MAX_HEADER, size - 8):
        return [_malformed(f"the header claims {length} bytes")]
    try:
        header = json.loads(exactly(file, length), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        return [_malformed(f"the header is no JSON: {str(error)[:200]}")]
    if not isinstance(header, dict):
        return [_malformed("the header is no object")]
    problem = _metadata_problem(header.pop("__metadata__", {})) or _tensor_problem(
        header, size - 8 - length
    )
    return [_malformed(problem)] if problem else []


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _metadata_problem(metadata: object) -> str:
    if not isinstance(metadata, dict):
        return "the metadata are no object"
    if not all(isinstance(value, str) for value in metadata.values()):
        return "the metadata hold something else than texts"
    return ""


def _tensor_problem(header: dict[str, object], room: int) -> str:
    """Tell what keeps the tensors from covering the rest of the file one behind the other."""
    spans = []
    for name, tensor in header.items():
        span = _span(tensor)
        if span is None:
            return f"the tensor {name[:80]!r} is described wrongly"
        spans.append(span)
    end = 0
    for start, stop in sorted(spans):
        if start != end:
            return "the tensors overlap or leave a gap"
        end = stop
    return "" if end == room else f"the tensors take {end} of {room} bytes"


def _span(tensor: object) -> tuple[int, int] | None:
    match tensor:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [int(start), int(stop)]}:
            pass
        case _:
            return None
    if dtype not in BITS or not 0 <= start <= stop:
        return None
    bits = BITS[dtype]
    for extent in shape:
        if not isinstance(extent, int) or isinstance(extent, bool) or not 0 <= extent < 2**63:
            return None
        bits *= extent
    return (start, stop) if bits == (stop - start) * 8 else None


def check_gguf(file: BinaryIO, size: int) -> list[Finding]:
    """Return what is wrong with the first fields; the rest is numbers, texts and a template."""
    magic, version = struct.unpack("<4sI", exactly(file, 8))
    assert magic == b"GGUF"  # the caller looked
    if not 1 <= version <= 3:
        return [_malformed(f"there is no version {version} of GGUF")]
    tensors, entries = struct.unpack(
        "<II" if version == 1 else "<QQ", exactly(file, 8 * (2 - (version == 1)))
    )
    if max(tensors, entries) > min(MAX_GGUF_ENTRIES, size):
        return [_malformed(f"it claims {tensors} tensors and {entries} entries")]
    return []


def array_holds_objects(file: BinaryIO) -> bool:
    """Read the header of a .npy file and tell whether a pickle follows it.

    Raises ValueError for a header that numpy would not read.
    """
    major = exactly(file, 8)[6]
    width = 2 if major == 1 else 4
    length = int.from_bytes(exactly(file, width), "little")
    if length > MAX_ARRAY_HEADER:
        raise ValueError(f"the header of the array claims {length} bytes")
    header = ast.literal_eval(exactly(file, length).decode("latin-1").strip())
    if not isinstance(header, dict) or {"descr", "fortran_order", "shape"} - header.keys():
        raise ValueError("the header of the array lacks what it must say")
    return _has_object(header["descr"])


def _has_object(descr: object) -> bool:
    if isinstance(descr, str):
        return "O" in descr
    if isinstance(descr, list | tuple):
        return any(_has_object(one) for one in descr)
    return False


def _malformed(detail: str) -> Finding:
    return Finding("malformed", detail, Verdict.UNKNOWN)
