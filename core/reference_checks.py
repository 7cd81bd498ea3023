"""A migration operation that has PostgreSQL check a foreign key for many rows at once.

PostgreSQL checks a foreign key row by row, and locks each row that is referred to, which writes
that row's page anew. Where thousands of rows are added by one statement this costs more than
adding them, and it protects from a deletion that the guards of an insert-only table forbid anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from typing import Any

    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

# Plans are kept for a session, and the first may be made while the tables are nearly empty.
BY_INDEX = " ".join(f"SET enable_{how} = off" for how in ("seqscan", "hashjoin", "mergejoin"))


class CheckInBulk(Operation):
    """Replace the constraint of the foreign key ``field_name`` by a trigger that checks all rows
    which a statement adds together, and says no as the constraint does.

    Both tables must be insert-only (`core.guards.GuardRows`), for nothing is checked when a row is
    changed, or one goes that is referred to. Does nothing on SQLite, where a check costs little.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model_name, self.field_name], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: the reference holds as before."""

    def describe(self) -> str:
        return f"Check {self.field_name} of {self.model_name} once for each statement"

    def trigger_name(self, table: str) -> str:
        """Return the trigger that must exist on ``table`` in PostgreSQL."""
        return f"{table}_{self.field_name}_check"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        table, column, target, key = self._columns(to_state.apps, app_label)
        for name in _foreign_keys(schema_editor, table, column):
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"', None)
        name = self.trigger_name(table)
        schema_editor.execute(_function(name, column, target, key), None)
        schema_editor.execute(
            f'CREATE TRIGGER "{name}" AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS added '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
            None,
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        table, column, target, key = self._columns(from_state.apps, app_label)
        name = self.trigger_name(table)
        schema_editor.execute(f'DROP TRIGGER "{name}" ON "{table}"', None)
        schema_editor.execute(f'DROP FUNCTION "{name}"()', None)
        schema_editor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk" '
            f'FOREIGN KEY ("{column}") REFERENCES "{target}" ("{key}") '
            f"DEFERRABLE INITIALLY DEFERRED",
            None,
        )

    def _columns(self, apps: Apps, app_label: str) -> tuple[str, str, str, str]:
        """Return table and column of the key, and those that it refers to."""
        meta = apps.get_model(app_label, self.model_name)._meta
        field: Any = meta.get_field(self.field_name)
        target = field.target_field
        return meta.db_table, field.column, target.model._meta.db_table, target.column


def _foreign_keys(schema_editor: BaseDatabaseSchemaEditor, table: str, column: str) -> list[str]:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [
        name for name, one in found.items() if one["foreign_key"] and one["columns"] == [column]
    ]


def _function(name: str, column: str, target: str, key: str) -> str:
    query = (
        f'SELECT a."{column}" FROM added a LEFT JOIN "{target}" t ON t."{key}" = a."{column}" '  # noqa: S608 - names of our tables
        f'WHERE t."{key}" IS NULL AND a."{column}" IS NOT NULL LIMIT 1'
    )
    return (
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$ '
        f"DECLARE missing text; BEGIN missing := ({query}); IF missing IS NOT NULL THEN "
        f"RAISE EXCEPTION '{target} has no {key} %', missing "
        f"USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL; END $$"
    )
