"""What a store of bytes does, whatever lies behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

CHUNK = 1024 * 1024


class StoreFailed(Exception):
    """The store could not do it: a full disk, a service that is away, a refused credential."""


class Missing(StoreFailed):
    """The store holds nothing under that key."""


@dataclass(frozen=True)
class Stored:
    """What was put: its digest and size as counted on the way, and the key to find it by."""

    key: str
    digest: str
    size: int


@dataclass(frozen=True)
class Item:
    """One object of the store; ``is_partial`` for what a crash left half written."""

    key: str
    size: int
    modified: datetime
    is_partial: bool = False


class BlobStore(Protocol):
    """Keeps bytes under keys that it chooses itself, a new one for each put.

    No key is ever written twice: whoever deletes one cannot hit what somebody else puts meanwhile,
    be it of equal content.
    """

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Store the bytes and return once they are durable.

        Whatever ``chunks`` raises is raised, and nothing is left. Raises StoreFailed.
        """
        ...

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to just before ``end`` (both within the object).

        Raises Missing before the first of them, or StoreFailed.
        """
        ...

    def size(self, key: str) -> int:
        """Return how many bytes lie under ``key``; raises Missing or StoreFailed."""
        ...

    def delete(self, key: str) -> None:
        """Remove what lies under ``key``; a missing one is no error. Raises StoreFailed."""
        ...

    def items(self) -> Iterator[Item]:
        """Yield everything that lies there. Raises StoreFailed."""
        ...


class Digesting:
    """Passes chunks on and knows the digest and size of what went through."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def hexdigest(self) -> str:
        """Return the 64 hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def digest(self) -> str:
        """Return the digest as this service writes them."""
        return f"sha256:{self.hexdigest}"
