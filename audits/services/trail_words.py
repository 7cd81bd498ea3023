"""Keep the words of the journal, by which the trail is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from audits.models import TrailText
from audits.queries.trail_words import CONSUMER, texts_of
from core.models import ConsumerCursor
from registry.queries.catalogue.words import tsvector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry

TEXT = TrailText._meta.db_table
# The names are ours, the values are parameters.
INSERT_FTS5 = f"INSERT INTO {TEXT} (rowid, what, reason, told, marks) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608
INSERT_TSVECTOR = (
    f"INSERT INTO {TEXT} (rowid, {TEXT}) VALUES (%s, %s::tsvector) ON CONFLICT DO NOTHING"  # noqa: S608
)
CLEAR_FTS5 = f"INSERT INTO {TEXT} ({TEXT}) VALUES ('delete-all')"  # noqa: S608
CLEAR_TSVECTOR = f"DELETE FROM {TEXT}"  # noqa: S608


def add(entries: Sequence[SequencedEntry]) -> None:
    """Add the words of entries, of each once however often it is told."""
    known = set(
        TrailText.objects.filter(pk__in=[entry.id for entry in entries]).values_list(
            "pk", flat=True
        )
    )
    rows = [(entry.id, texts_of(entry.body)) for entry in entries if entry.id not in known]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(INSERT_FTS5, [(key, *texts) for key, texts in rows])
        else:
            cursor.executemany(INSERT_TSVECTOR, [(key, tsvector(texts)) for key, texts in rows])


def forget() -> None:
    """Let go of every word: the consumer makes the index anew from the first entry on."""
    with transaction.atomic():
        cursor_row, _ = ConsumerCursor.objects.get_or_create(consumer=CONSUMER)
        # Under the lock of the cursor no worker adds words meanwhile.
        ConsumerCursor.objects.select_for_update().get(pk=cursor_row.pk)
        with connection.cursor() as cursor:
            cursor.execute(CLEAR_FTS5 if connection.vendor == "sqlite" else CLEAR_TSVECTOR)
        ConsumerCursor.objects.filter(pk=cursor_row.pk).update(seq=-1)
