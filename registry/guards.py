"""The migration operation that keeps the access epoch, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

BUMP = "UPDATE registry_accessepoch SET epoch = epoch + 1 WHERE id = 1"


class BumpEpochOnChange(Operation):
    """Count registry_accessepoch up at every insert, update or delete on ``table``.

    With ``columns``, only updates of these columns count, and neither inserts nor deletes;
    ``label`` tells two such sets of columns of one table apart.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, columns: tuple[str, ...] = (), label: str = "") -> None:
        self.table = table
        self.columns = columns
        self.label = label

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options = {"columns": self.columns, "label": self.label}
        return type(self).__name__, [self.table], options

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: models do not know their triggers."""

    def describe(self) -> str:
        return f"Count the access epoch up with {self.table}"

    def _triggers(self) -> dict[str, str]:
        if self.columns:
            columns = ", ".join(f'"{column}"' for column in self.columns)
            name = f"{self.table}_{self.label}" if self.label else self.table
            return {f"{name}_epoch_update": f"UPDATE OF {columns}"}
        return {
            f"{self.table}_epoch_{verb.lower()}": verb for verb in ("INSERT", "UPDATE", "DELETE")
        }

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for name, event in self._triggers().items():
                schema_editor.execute(
                    f'CREATE TRIGGER "{name}" AFTER {event} ON "{self.table}" BEGIN {BUMP}; END',
                    None,
                )
            return
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION registry_bump_epoch() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {BUMP}; RETURN NULL; END $$",
            None,
        )
        for name, event in self._triggers().items():
            schema_editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {event} ON "{self.table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION registry_bump_epoch()",
                None,
            )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        on_table = "" if schema_editor.connection.vendor == "sqlite" else f' ON "{self.table}"'
        for name in self._triggers():
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on_table}', None)
