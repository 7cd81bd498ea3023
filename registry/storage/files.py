"""Read a stored object like a file, with no more of it in memory than is looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from registry.storage.base import BlobStore

BUFFER = 256 * 1024


class _Object(io.RawIOBase):
    def __init__(self, store: BlobStore, key: str) -> None:
        self._store = store
        self._key = key
        self._size = store.size(key)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        end = min(self._position + len(target), self._size)
        filled = 0
        if end > self._position:
            for chunk in self._store.read(self._key, start=self._position, end=end):
                target[filled : filled + len(chunk)] = chunk
                filled += len(chunk)
        self._position += filled
        return filled


def open_object(store: BlobStore, key: str) -> io.BufferedReader:
    """Return what lies under ``key`` as a seekable binary file; raises Missing or StoreFailed."""
    return io.BufferedReader(_Object(store, key), BUFFER)
