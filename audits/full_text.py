"""The table of the trail's words, on SQLite and PostgreSQL."""

from __future__ import annotations

from core.full_text import FullTextTable

TABLE = "audits_trailtext"
# Words come in already split and folded, so that both databases find the same. The journal keeps
# what they are of: SQLite holds the index alone, without the texts.
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
    "what, reason, told, marks, content='', detail='column', tokenize='unicode61', prefix='3')",
)
POSTGRESQL = (
    f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, {TABLE} tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin ({TABLE})",
)


def trail_text_table() -> FullTextTable:
    """Return the operation that makes the table behind ``audits.models.TrailText``."""
    return FullTextTable(TABLE, sqlite=SQLITE, postgresql=POSTGRESQL)
