"""The table of the catalogue's words, on SQLite and PostgreSQL."""

from __future__ import annotations

from core.full_text import FullTextTable

TABLE = "registry_cataloguetext"
# The columns stand in the order of their weight. Words come in already split and folded, so that
# both databases find the same.
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
    "name, summary, facts, prose, tokenize='unicode61', prefix='2 3')",
)
POSTGRESQL = (
    f"CREATE TABLE {TABLE} ("
    "rowid bigint PRIMARY KEY REFERENCES registry_catalogueentry (asset_id) ON DELETE CASCADE, "
    f"{TABLE} tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin ({TABLE})",
)


def catalogue_text_table() -> FullTextTable:
    """Return the operation that makes the table behind ``registry.models.CatalogueText``."""
    return FullTextTable(TABLE, sqlite=SQLITE, postgresql=POSTGRESQL)
