"""Read a page of the entries that some words find: among the newest first, then among all.

PostgreSQL cannot tell how many entries have two words at once, or a word and a workspace. Left
alone it takes them for few and joins all of them to their entries before it sorts; or, where it
takes them for many and there are none, walks the index to its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Max

from audits.models import TrailText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from core.models import JournalEntry

# As many as are looked through in some milliseconds, one by one.
NEAR = 4_000


def ordering(found: QuerySet[JournalEntry]) -> str:
    """Return the column to order entries by: that of the index that they are read from."""
    return next((name for name in ("far", "place") if name in found.query.annotations), "id")


def windows(
    found: QuerySet[JournalEntry], *, before: int | None = None
) -> Iterator[QuerySet[JournalEntry]]:
    """Yield what is to be read, in ``ordering``, until a page is full: the newest of ``found``, of
    those before the one with that id; then all of them, by the index of words."""
    if connection.vendor == "sqlite" or ordering(found) != "place":
        yield found
        return
    last = before or (TrailText.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    if last > NEAR:
        yield found.filter(text__pk__gte=last - NEAR)
    # A sum is in no index: the one of words is all that is left.
    yield found.annotate(far=F("text__pk") + 0)
