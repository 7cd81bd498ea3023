"""The migration operation that makes a table of words, on SQLite (FTS5) and PostgreSQL (tsvector).

Django manages no such table: its model says ``managed = False``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class FullTextTable(Operation):
    """Make ``table`` by the statements of the database that there is."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, sqlite: Sequence[str], postgresql: Sequence[str]) -> None:
        self.table, self.sqlite, self.postgresql = table, sqlite, postgresql

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: the model is there, and Django does not manage it."""

    def describe(self) -> str:
        return f"Make the full text {self.table}"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for statement in self.sqlite if is_sqlite else self.postgresql:
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        schema_editor.execute(f"DROP TABLE {self.table}", None)
