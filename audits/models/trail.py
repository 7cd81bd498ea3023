"""The words of the journal, by which the trail is searched."""

from __future__ import annotations

from django.db import models

from core.models import JournalEntry


class TrailText(models.Model):
    """The words of an entry: a table of SQLite's FTS5, or a column of PostgreSQL's tsvector.

    Derived from the journal and made anew at will. It names people by their id alone.
    The table is made by a migration, and both databases call the searched column like the table.
    """

    entry = models.OneToOneField(
        JournalEntry,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="text",
    )
    everything = models.TextField(db_column="audits_trailtext")

    class Meta:
        managed = False
        db_table = "audits_trailtext"
        default_permissions = ()

    def __str__(self) -> str:
        return f"words of {self.entry_id}"
