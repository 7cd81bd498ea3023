"""Bytes in a local folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from registry.storage.base import CHUNK, Digesting, Item, Missing, Stored, StoreFailed

INCOMING = "incoming"
FILES = "sha256"


class FolderStore:
    """Keeps each object as ``sha256/ab/cd/<64 hex digits>-<8 random ones>`` under ``root``.

    Bytes go into ``incoming/`` of the same file system, are forced to the disk, and appear under
    their key by a rename that is forced to the disk too: a crash leaves all of them or none.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Store the bytes and return once they are durable."""
        counted = Digesting(chunks)
        with _told():
            draft = self._folder(INCOMING) / f"{secrets.token_hex(16)}.part"
        try:
            self._write(draft, counted)
            with _told():
                key = self._place(draft, counted.hexdigest)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return Stored(key, counted.digest, counted.size)

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to just before ``end``."""
        with _told(), self._path(key).open("rb") as file:
            file.seek(start)
            left = os.fstat(file.fileno()).st_size - start if end is None else end - start
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    def size(self, key: str) -> int:
        """Return how many bytes lie under ``key``."""
        with _told():
            return self._path(key).stat().st_size

    def delete(self, key: str) -> None:
        """Remove what lies under ``key``."""
        with _told():
            self._path(key).unlink(missing_ok=True)

    def items(self) -> Iterator[Item]:
        """Yield everything that lies there, half-written files included."""
        with _told():
            for path in self._root.rglob("*"):
                # What goes away while it is listed is not there.
                with suppress(FileNotFoundError):
                    if path.is_file():
                        yield self._item(path)

    def _item(self, path: Path) -> Item:
        found, key = path.stat(), path.relative_to(self._root).as_posix()
        modified = datetime.fromtimestamp(found.st_mtime, UTC)
        return Item(key, found.st_size, modified, is_partial=key.startswith(f"{INCOMING}/"))

    def _path(self, key: str) -> Path:
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise StoreFailed(f"{key!r} leads out of the store")
        return path

    def _write(self, draft: Path, chunks: Iterable[bytes]) -> None:
        """Write and force to the disk. What ``chunks`` raises is not the disk's failure."""
        with _told():
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            for chunk in chunks:
                with _told():
                    _write_all(file, chunk)
            with _told():
                os.fchmod(file, 0o400)
                os.fsync(file)
        finally:
            os.close(file)

    def _place(self, draft: Path, hexdigest: str) -> str:
        folder = self._folder(FILES, hexdigest[:2], hexdigest[2:4])
        path = folder / f"{hexdigest}-{secrets.token_hex(4)}"
        draft.rename(path)
        _sync(folder)
        return path.relative_to(self._root).as_posix()

    def _folder(self, *parts: str) -> Path:
        """Return the folder, made where it is missing, with its name forced to the disk."""
        folder = self._root.joinpath(*parts)
        if not folder.is_dir():
            missing = [one for one in (folder, *folder.parents) if not one.exists()]
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for made in missing:
                _sync(made.parent)
        return folder


def _write_all(file: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(file, rest) :]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    """Tell the failures of the file system as the store's."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(f"{error.filename} is not there") from error
    except OSError as error:
        raise StoreFailed(f"{error.strerror or error}") from error
