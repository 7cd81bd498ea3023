"""The archive of a pack: a ZIP file whose bytes depend on nothing but what is in it.

Members stand in the order in which they are given, with one date and one mode, deflated by zlib's
usual level. The comment of the archive is the digest of all bytes before it, so that a change
beside the members (in a header, in the padding of a compressed stream) is found as well.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

DATE = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
UNIX = 3
CHUNK = 1024 * 1024
COMMENT_SIZE = 71  # "sha256:" and 64 hexadecimal digits
# Beyond this a member would need ZIP64 fields, which readers handle less well.
MAX_MEMBER = 2**31 - 1


class TooLarge(ValueError):
    """The pack would be larger than what is taken; the text says of what."""


@dataclass(frozen=True)
class Part:
    """A file of a pack. ``chunks`` are read once, when it is its turn."""

    path: str
    media_type: str
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class Member:
    """A file as it was written; ``digest`` is that of its bytes, not of the compressed ones."""

    path: str
    media_type: str
    digest: str
    size: int


class Writer:
    """Writes parts to a seekable file; `close` ends the archive.

    ``told`` is called with the number of bytes after each chunk. Raises TooLarge where more than
    ``limit`` bytes come together, before they are compressed.
    """

    def __init__(
        self, file: BinaryIO, *, limit: int, told: Callable[[int], None] = lambda _: None
    ) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._limit = limit
        self._told = told
        self.size = 0

    def write(self, part: Part) -> Member:
        """Write one part and return what it was."""
        info = zipfile.ZipInfo(part.path, DATE)
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, UNIX
        info.external_attr = MODE
        hashed, size = hashlib.sha256(), 0
        with self._zip.open(info, "w") as member:
            for chunk in part.chunks:
                hashed.update(chunk)
                size += len(chunk)
                self.size += len(chunk)
                if self.size > self._limit:
                    raise TooLarge(f"the pack has more than {self._limit} bytes at {part.path}")
                if size > MAX_MEMBER:
                    raise TooLarge(f"{part.path} has more than {MAX_MEMBER} bytes")
                member.write(chunk)
                self._told(len(chunk))
        return Member(part.path, part.media_type, f"sha256:{hashed.hexdigest()}", size)

    def abandon(self) -> None:
        """End the archive as it is: it is of no use any more."""
        self._zip.close()

    def close(self) -> str:
        """End the archive with the digest of all that stands before it, and return that."""
        self._zip.comment = b"\0" * COMMENT_SIZE
        self._zip.close()
        self._file.flush()
        end = self._file.seek(-COMMENT_SIZE, 2)
        digest = f"sha256:{_hexdigest(self._file, end)}"
        self._file.seek(end)
        self._file.write(digest.encode())
        self._file.flush()
        return digest


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file from its beginning."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines in larger chunks: each line on its own would cost more than its bytes."""
    gathered, size = [], 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size >= CHUNK // 16:
            yield b"".join(gathered)
            gathered, size = [], 0
    yield b"".join(gathered)


def _hexdigest(file: BinaryIO, end: int) -> str:
    hashed, left = hashlib.sha256(), end
    file.seek(0)
    while left and (chunk := file.read(min(CHUNK, left))):
        hashed.update(chunk)
        left -= len(chunk)
    return hashed.hexdigest()
