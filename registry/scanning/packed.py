"""Whole files that are compressed: gzip, bzip2, xz, zlib."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from registry.scanning.limits import CHUNK

if TYPE_CHECKING:
    from registry.scanning.limits import Budget

IN_MEMORY = 8 * 1024 * 1024
OPENERS: dict[str, Callable[[BinaryIO], IO[bytes]]] = {
    "gzip": lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
    "bzip2": lambda file: cast("IO[bytes]", bz2.BZ2File(file)),
    "xz": lambda file: cast("IO[bytes]", lzma.LZMAFile(file)),  # noqa: SIM115 - as the others
}


def packing_of(head: bytes) -> str:
    """Return how a file that starts with ``head`` is packed; empty for not at all."""
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head[:3] == b"BZh":
        return "bzip2"
    if head[:6] == b"\xfd7zXZ\x00":
        return "xz"
    # RFC 1950: method 8, a window of up to 32 KiB, and a check over the two bytes.
    if (
        len(head) > 2
        and head[0] in (0x78, 0x68, 0x58)
        and int.from_bytes(head[:2], "big") % 31 == 0
    ):
        return "zlib"
    return ""


def unpacked(file: BinaryIO, packing: str, budget: Budget) -> tuple[BinaryIO, int]:
    """Return what is packed in ``file`` as a file, on the disk if it is large, and its size."""
    size = 0
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes
    try:
        for chunk in _chunks(file, packing):
            budget.breathe()
            budget.expand(len(chunk))
            size += len(chunk)
            target.write(chunk)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return cast("BinaryIO", target), size


def _chunks(file: BinaryIO, packing: str) -> Iterator[bytes]:
    if packing == "zlib":
        yield from _inflated(file)
        return
    with OPENERS[packing](file) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _inflated(file: BinaryIO) -> Iterator[bytes]:
    inflater = zlib.decompressobj()
    waiting = b""
    while not inflater.eof:
        waiting = waiting or file.read(CHUNK)
        if not waiting:
            raise EOFError("it ends too early")
        yield inflater.decompress(waiting, CHUNK)
        waiting = inflater.unconsumed_tail
