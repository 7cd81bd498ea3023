"""Collect what a request wrote to the journal, for whoever promises it to the caller."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.models import JournalEntry

_collected: ContextVar[list[JournalEntry] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[JournalEntry]]:
    """Give a list to which every entry is added that is written inside, once it is committed."""
    entries: list[JournalEntry] = []
    token = _collected.set(entries)
    try:
        yield entries
    finally:
        _collected.reset(token)


def collect(entries: Sequence[JournalEntry]) -> None:
    """Add entries of the current transaction to the list of whoever collects, if somebody does."""
    collected = _collected.get()
    if collected is not None and entries:
        transaction.on_commit(lambda: collected.extend(entries))
