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

    Fields in ``once`` may change from null to a value, and never again. With ``permitted_by``, the
    name of a table with a column ``table_name``, rows may go in a transaction that has put the
    guarded table's name there, and takes it out again. ``app`` names the app of a model below the
    migration's own, whose rows go by a rule of that one.

    SQLite drops triggers when Django rebuilds a table: a migration that alters a guarded model
    must repeat this operation, and tests/core/test_guards.py fails where one did not.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model_name: str,
        *,
        mutable: tuple[str, ...] = (),
        once: tuple[str, ...] = (),
        deletable: bool = False,
        permitted_by: str = "",
        app: str = "",
    ) -> None:
        self.model_name = model_name
        self.app = app
        self.mutable = mutable
        self.once = once
        self.deletable = deletable
        self.permitted_by = permitted_by

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options: dict[str, Any] = {
            "mutable": self.mutable,
            "once": self.once,
            "deletable": self.deletable,
        }
        if self.permitted_by:
            options["permitted_by"] = self.permitted_by
        if self.app:
            options["app"] = self.app
        return type(self).__name__, [self.model_name], options

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: models do not know their triggers."""

    def describe(self) -> str:
        return f"Guard the rows of {self.model_name}"

    def trigger_names(self, table: str) -> list[str]:
        """Return the triggers that must exist on ``table``."""
        names = [f"{table}_guard_update"]
        return names if self.deletable else [*names, f"{table}_guard_delete"]

    def _table(self, apps: Apps, app_label: str, *, differs: str) -> tuple[str, str]:
        """Return the table, and the SQL condition of a forbidden update."""
        meta = apps.get_model(self.app or app_label, self.model_name)._meta
        forbidden = []
        for item in meta.local_concrete_fields:
            if item.name in self.mutable:
                continue
            changed = f'OLD."{item.column}" {differs} NEW."{item.column}"'
            if item.name in self.once:
                changed = f'(OLD."{item.column}" IS NOT NULL AND {changed})'
            forbidden.append(changed)
        return meta.db_table, " OR ".join(forbidden)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "sqlite":
            table, forbidden = self._table(to_state.apps, app_label, differs="IS NOT")
            statements = self._sqlite(table, forbidden)
        else:
            table, forbidden = self._table(to_state.apps, app_label, differs="IS DISTINCT FROM")
            statements = self._postgresql(table, forbidden)
        for statement in [*self._drop(vendor, table), *statements]:
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(self.app or app_label, self.model_name)
        table = model._meta.db_table
        for statement in self._drop(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, None)

    def _drop(self, vendor: str, table: str) -> list[str]:
        names = [f"{table}_guard_update", f"{table}_guard_delete", f"{table}_guard_truncate"]
        if vendor == "sqlite":
            return [f'DROP TRIGGER IF EXISTS "{name}"' for name in names[:2]]
        drops = [f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in names]
        return [*drops, f'DROP FUNCTION IF EXISTS "{table}_guard"()']

    def _sqlite(self, table: str, forbidden: str) -> list[str]:
        raise_error = f"BEGIN SELECT RAISE(ABORT, '{table} {MESSAGE}'); END"
        triggers = [
            f'CREATE TRIGGER "{table}_guard_update" BEFORE UPDATE ON "{table}" '
            f"FOR EACH ROW WHEN {forbidden} {raise_error}",
        ]
        if not self.deletable:
            triggers.append(
                f'CREATE TRIGGER "{table}_guard_delete" BEFORE DELETE ON "{table}" '
                f"FOR EACH ROW {self._unless_permitted(table)}{raise_error}"
            )
        return triggers

    def _unless_permitted(self, table: str) -> str:
        return f"WHEN NOT {self._permit(table)} " if self.permitted_by else ""

    def _permit(self, table: str) -> str:
        """Return the condition that the transaction may take rows out of the table."""
        permits = f'SELECT 1 FROM "{self.permitted_by}"'  # noqa: S608 - names of our tables
        return f"EXISTS ({permits} WHERE table_name = '{table}')"

    def _postgresql(self, table: str, forbidden: str) -> list[str]:
        call = f'EXECUTE FUNCTION "{table}_guard"()'
        permit = f"IF TG_OP = 'DELETE' AND {self._permit(table)} THEN RETURN OLD; END IF; "
        triggers = [
            f'CREATE FUNCTION "{table}_guard"() RETURNS trigger LANGUAGE plpgsql AS $$ '
            f"BEGIN {permit if self.permitted_by else ''}"
            f"RAISE EXCEPTION '{table} {MESSAGE}' USING ERRCODE = 'restrict_violation'; "
            f"END $$",
            f'CREATE TRIGGER "{table}_guard_update" BEFORE UPDATE ON "{table}" '
            f"FOR EACH ROW WHEN ({forbidden}) {call}",
        ]
        if not self.deletable:
            triggers += [
                f'CREATE TRIGGER "{table}_guard_delete" BEFORE DELETE ON "{table}" '
                f"FOR EACH ROW {call}",
                f'CREATE TRIGGER "{table}_guard_truncate" BEFORE TRUNCATE ON "{table}" '
                f"FOR EACH STATEMENT {call}",
            ]
        return triggers


class UnguardRows(Operation):
    """Take the guard of ``GuardRows`` off a table that the steps after it alter or fill.

    Takes the same arguments as the guard that is there, which going back puts on again. A
    `GuardRows` must follow in the same migration.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model_name: str,
        *,
        mutable: tuple[str, ...] = (),
        once: tuple[str, ...] = (),
        deletable: bool = False,
        permitted_by: str = "",
        app: str = "",
    ) -> None:
        self.model_name = model_name
        self._guard = GuardRows(
            model_name,
            mutable=mutable,
            once=once,
            deletable=deletable,
            permitted_by=permitted_by,
            app=app,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, *self._guard.deconstruct()[1:])

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the state alone: models do not know their triggers."""

    def describe(self) -> str:
        return f"Take the guard off the rows of {self.model_name}"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._guard.database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._guard.database_forwards(app_label, schema_editor, from_state, to_state)
