"""Migration operations that put insert-only guards on tables, on SQLite and PostgreSQL.

The guards stop mistakes and bypasses through the ORM, admin or SQL. They are no proof against
the owner of the database; the transparency log is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

MESSAGE = "is append-only"


class GuardRows(Operation):
    """Forbid UPDATE (but of ``mutable`` fields) and DELETE on the table of ``model_name``.

    SQLite drops triggers when Django rebuilds a table: a migration that alters a guarded model
    must repeat this operation, and tests/core/test_guards.py fails where one did not.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model_name: str, *, mutable: tuple[str, ...] = (), deletable: bool = False
    ) -> None:
        self.model_name = model_name
        self.mutable = mutable
        self.deletable = deletable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (
            type(self).__name__,
            [self.model_name],
            {"mutable": self.mutable, "deletable": self.deletable},
        )

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: models do not know their triggers."""

    def describe(self) -> str:
        return f"Guard the rows of {self.model_name}"

    def trigger_names(self, table: str) -> list[str]:
        """Return the triggers that must exist on ``table``."""
        names = [f"{table}_guard_update"]
        return names if self.deletable else [*names, f"{table}_guard_delete"]

    def _table(self, apps: Apps, app_label: str) -> tuple[str, list[str]]:
        meta = apps.get_model(app_label, self.model_name)._meta
        fixed = [f.column for f in meta.local_concrete_fields if f.name not in self.mutable]
        return meta.db_table, fixed

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table, fixed = self._table(to_state.apps, app_label)
        if schema_editor.connection.vendor == "sqlite":
            statements = self._sqlite(table, fixed)
        else:
            statements = self._postgresql(table, fixed)
        for statement in [*self._drop(schema_editor.connection.vendor, table), *statements]:
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table, _ = self._table(from_state.apps, app_label)
        for statement in self._drop(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, None)

    def _drop(self, vendor: str, table: str) -> list[str]:
        names = [f"{table}_guard_update", f"{table}_guard_delete", f"{table}_guard_truncate"]
        if vendor == "sqlite":
            return [f'DROP TRIGGER IF EXISTS "{name}"' for name in names[:2]]
        drops = [f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in names]
        return [*drops, f'DROP FUNCTION IF EXISTS "{table}_guard"()']

    def _sqlite(self, table: str, fixed: list[str]) -> list[str]:
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in fixed)
        raise_error = f"BEGIN SELECT RAISE(ABORT, '{table} {MESSAGE}'); END"
        triggers = [
            f'CREATE TRIGGER "{table}_guard_update" BEFORE UPDATE ON "{table}" '
            f"FOR EACH ROW WHEN {changed} {raise_error}",
        ]
        if not self.deletable:
            triggers.append(
                f'CREATE TRIGGER "{table}_guard_delete" BEFORE DELETE ON "{table}" '
                f"FOR EACH ROW {raise_error}"
            )
        return triggers

    def _postgresql(self, table: str, fixed: list[str]) -> list[str]:
        changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in fixed)
        call = f'EXECUTE FUNCTION "{table}_guard"()'
        triggers = [
            f'CREATE FUNCTION "{table}_guard"() RETURNS trigger LANGUAGE plpgsql AS $$ '
            f"BEGIN RAISE EXCEPTION '{table} {MESSAGE}' USING ERRCODE = 'restrict_violation'; "
            f"END $$",
            f'CREATE TRIGGER "{table}_guard_update" BEFORE UPDATE ON "{table}" '
            f"FOR EACH ROW WHEN ({changed}) {call}",
        ]
        if not self.deletable:
            triggers += [
                f'CREATE TRIGGER "{table}_guard_delete" BEFORE DELETE ON "{table}" '
                f"FOR EACH ROW {call}",
                f'CREATE TRIGGER "{table}_guard_truncate" BEFORE TRUNCATE ON "{table}" '
                f"FOR EACH STATEMENT {call}",
            ]
        return triggers
