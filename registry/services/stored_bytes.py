"""Put bytes into the store, and hold on to their row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from registry.models import Blob
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.storage.base import Stored


def put(chunks: Iterable[bytes]) -> Stored:
    """Store bytes and return once they are durable; raises Unavailable. They are an orphan until
    `hold` gives them a row."""
    with store_at_hand() as store:
        return store.put(chunks)


def hold(stored: Stored) -> Blob:
    """Return the row of these bytes, held against removal until the transaction ends.

    Where equal bytes were there before, it is theirs: then ``stored`` is to be discarded.
    """
    held = Blob.objects.select_for_update(no_key=True).filter(digest=stored.digest)
    if blob := held.first():
        return blob
    try:
        with transaction.atomic():
            return Blob.objects.create(digest=stored.digest, size=stored.size, key=stored.key)
    except IntegrityError:
        return held.get()


def discard(stored: Stored) -> None:
    """Remove what no row names. Where this fails, collect_garbage finds it later."""
    with store_at_hand() as store:
        store.delete(stored.key)
