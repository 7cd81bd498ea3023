"""The operation that makes the table of the trail's words, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

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


class TrailTextTable(Operation):
    """Make the table behind ``audits.models.TrailText``."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: the model is there, and Django does not manage it."""

    def describe(self) -> str:
        return "Make the full text of the trail"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP TABLE {TABLE}", None)
