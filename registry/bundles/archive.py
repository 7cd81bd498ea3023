"""A ZIP archive with exactly one byte form: stored entries, fixed dates, nothing optional.

APPNOTE.TXT 6.3.10, sections 4.3.7 (local headers), 4.3.12 (central directory) and 4.3.16 (its
end). Any reader opens it; ours reads front to back and accepts no other form, so that a changed
byte has nowhere to hide, nothing is unpacked, and an entry is never larger than the file.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*\Z")
MAX_ENTRIES = 20_000
MAX_NAME = 200
MAX_BYTES = 2**32 - 2  # beyond this ZIP needs another form
CHUNK = 1024 * 1024
VERSION, FLAGS, STORED = 20, 0, 0
TIME, DATE = 0, 0x21  # 1 January 1980, the first day that ZIP knows
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCAL_FORM = struct.Struct("<4s5H3I2H")
CENTRAL_FORM = struct.Struct("<4s6H3I5H2I")
END_FORM = struct.Struct("<4s4H2IH")


class BadArchive(Exception):
    """The file is not an archive of this form."""


@dataclass(frozen=True)
class Entry:
    """An entry: where its bytes start in the file, how many, and their CRC-32."""

    name: str
    offset: int
    size: int
    crc: int


class Writer:
    """Writes entries one after the other into a new, seekable file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[Entry] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write an entry; raises BadArchive for a name that stands, or beyond the limits."""
        if not NAME.match(name) or len(name) > MAX_NAME:
            raise BadArchive(f"{name!r} is no name for an entry")
        if any(entry.name == name for entry in self._entries):
            raise BadArchive(f"{name!r} stands twice")
        header = self._file.tell()
        self._file.write(_local(name, size=0, crc=0))
        start, size, crc = self._file.tell(), 0, 0
        for chunk in chunks:
            self._file.write(chunk)
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            if start + size > MAX_BYTES:
                raise BadArchive(f"the archive is over {MAX_BYTES} bytes")
        self._entries.append(Entry(name, start, size, crc))
        end = self._file.tell()
        self._file.seek(header)
        self._file.write(_local(name, size=size, crc=crc))
        self._file.seek(end)

    def close(self) -> None:
        """Write the directory. The file stays open."""
        self._file.write(_directory(self._entries, start=self._file.tell()))


def entries(file: BinaryIO) -> dict[str, Entry]:
    """Return the entries of an archive by name, in order; raises BadArchive for any other file."""
    found: dict[str, Entry] = {}
    end = file.seek(0, 2)
    position = 0
    while (entry := _entry(file, position, end=end)) is not None:
        if entry.name in found:
            raise BadArchive(f"{entry.name!r} stands twice")
        if len(found) == MAX_ENTRIES:
            raise BadArchive(f"it has more than {MAX_ENTRIES} entries")
        found[entry.name] = entry
        position = entry.offset + entry.size
    expected = _directory(list(found.values()), start=position)
    file.seek(position)
    if file.read(len(expected) + 1) != expected:
        raise BadArchive("its directory is not that of its entries")
    return found


def chunks(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of an entry; raises BadArchive at the end if their CRC is another."""
    left, crc = entry.size, 0
    file.seek(entry.offset)
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise BadArchive(f"{entry.name!r} ends early")
        left, crc = left - len(chunk), zlib.crc32(chunk, crc)
        position = file.tell()
        yield chunk
        file.seek(position)
    if crc != entry.crc:
        raise BadArchive(f"{entry.name!r} has another CRC-32")


def _entry(file: BinaryIO, position: int, *, end: int) -> Entry | None:
    file.seek(position)
    header = file.read(LOCAL_FORM.size)
    if not header.startswith(LOCAL):
        return None
    if len(header) < LOCAL_FORM.size:
        raise BadArchive("it ends inside of a header")
    crc, size, name_size = header[14:18], header[22:26], header[26:28]
    raw = file.read(min(int.from_bytes(name_size, "little"), MAX_NAME + 1))
    name = raw.decode("ascii", errors="replace")
    entry = Entry(
        name,
        position + LOCAL_FORM.size + len(raw),
        int.from_bytes(size, "little"),
        int.from_bytes(crc, "little"),
    )
    if not NAME.match(name) or len(name) > MAX_NAME:
        raise BadArchive(f"{name[:MAX_NAME]!r} is no name for an entry")
    if header + raw != _local(name, size=entry.size, crc=entry.crc):
        raise BadArchive(f"the header of {name!r} is of another form")
    if entry.offset + entry.size > end:
        raise BadArchive(f"{name!r} ends after the file")
    return entry


def _local(name: str, *, size: int, crc: int) -> bytes:
    raw = name.encode("ascii")
    fields = (LOCAL, VERSION, FLAGS, STORED, TIME, DATE, crc, size, size, len(raw), 0)
    return LOCAL_FORM.pack(*fields) + raw


def _directory(found: list[Entry], *, start: int) -> bytes:
    parts = []
    for entry in found:
        raw = entry.name.encode("ascii")
        made = (CENTRAL, VERSION, VERSION, FLAGS, STORED, TIME, DATE)
        sizes = (entry.crc, entry.size, entry.size, len(raw), 0, 0, 0, 0, 0)
        parts.append(
            CENTRAL_FORM.pack(*made, *sizes, entry.offset - LOCAL_FORM.size - len(raw)) + raw
        )
    directory = b"".join(parts)
    count = len(found)
    return directory + END_FORM.pack(END, 0, 0, count, count, len(directory), start, 0)
