"""Bytes in an S3-compatible service."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from registry.storage.base import Digesting, Item, Missing, Stored, StoreFailed

if TYPE_CHECKING:
    from obstore.store import RetryConfig

# S3 takes at most 10,000 parts: this makes objects of up to 160 GiB.
PART = 16 * 1024 * 1024
PARTS_AT_ONCE = 4
PIECE = 4 * 1024 * 1024
# A request that waits for the store must end while its client still waits too.
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
FOLDER = "objects"


class ObjectStore:
    """Keeps each object as ``objects/ab/<32 random hex digits>`` in a bucket.

    An object appears when its last part is there, and S3 has no rename: so it is written under its
    final key at once, before its digest is known. Endpoint, region and credentials come from the
    environment, as ``AWS_ENDPOINT_URL``, ``AWS_REGION``, ``AWS_ACCESS_KEY_ID`` and so on.
    """

    def __init__(self, bucket: str, *, prefix: str = "") -> None:
        self._store = S3Store(bucket, prefix=prefix or None, retry_config=RETRIES)

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Store the bytes and return once they are durable; a failure aborts the upload."""
        counted = Digesting(chunks)
        name = secrets.token_hex(16)
        key = f"{FOLDER}/{name[:2]}/{name}"
        with _told():
            obstore.put(
                self._store, key, iter(counted), chunk_size=PART, max_concurrency=PARTS_AT_ONCE
            )
        return Stored(key, counted.digest, counted.size)

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to just before ``end``."""
        end = self.size(key) if end is None else end
        # A request has a deadline; piece by piece, a slow reader does not run into it.
        for first in range(start, end, PIECE):
            with _told():
                last = min(first + PIECE, end)
                piece = obstore.get_range(self._store, key, start=first, end=last)
            yield piece.to_bytes()

    def size(self, key: str) -> int:
        """Return how many bytes lie under ``key``."""
        with _told():
            return obstore.head(self._store, key)["size"]

    def delete(self, key: str) -> None:
        """Remove what lies under ``key``."""
        with _told():
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return  # some services say so, S3 itself does not

    def items(self) -> Iterator[Item]:
        """Yield everything that lies there; the service shows no half-written object."""
        with _told():
            for batch in obstore.list(self._store):
                for found in batch:
                    yield Item(found["path"], found["size"], found["last_modified"])


@contextmanager
def _told() -> Iterator[None]:
    """Tell the failures of the service as the store's, in one line without its debug output."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(_first_line(error)) from error
    except BaseError as error:
        raise StoreFailed(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
