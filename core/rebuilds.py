"""Migrations that move a table's columns elsewhere, its rows and all, in one step."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import AddField, AlterField, RemoveField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class RebuildTable(Operation):
    """Run ``steps``, all about the model ``model_name``, as one, and fill what they add.

    The steps add, alter and remove fields and indexes; nothing else. ``fill`` and ``fill_back`` are
    SELECTs over the tables as they are before, of the id and of each field that is added forwards
    (by AddField) or backwards (by RemoveField), under the names of their columns.

    Django would rebuild the table for every step on SQLite, and render every model for it. The
    model must not be guarded: see `core.guards.UnguardRows`.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model_name: str, *, steps: Sequence[Operation], fill: str, fill_back: str
    ) -> None:
        self.model_name = model_name
        self.steps = list(steps)
        self.fill = fill
        self.fill_back = fill_back

    def describe(self) -> str:
        return f"Rebuild the table of {self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take every step; models are rendered when the database asks for them, once."""
        state.__dict__.pop("apps", None)
        state.is_delayed = False
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rebuild the table as it is after the steps."""
        old = from_state.apps.get_model(app_label, self.model_name)
        new = to_state.apps.get_model(app_label, self.model_name)
        added = [step.name for step in self.steps if isinstance(step, AddField)]
        gone = [step.name for step in self.steps if isinstance(step, RemoveField)]
        self._rebuild(schema_editor, old, new, added=added, gone=gone, fill=self.fill)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Rebuild the table as it was before the steps."""
        old = from_state.apps.get_model(app_label, self.model_name)
        new = to_state.apps.get_model(app_label, self.model_name)
        gone = [step.name for step in self.steps if isinstance(step, AddField)]
        added = [step.name for step in self.steps if isinstance(step, RemoveField)]
        self._rebuild(schema_editor, old, new, added=added, gone=gone, fill=self.fill_back)

    def _rebuild(
        self,
        schema_editor: BaseDatabaseSchemaEditor,
        old: Any,
        new: Any,
        *,
        added: Sequence[str],
        gone: Sequence[str],
        fill: str,
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            _copy(schema_editor, old, new, added=added, fill=fill)
            return
        _add(schema_editor, old, new, added=added, fill=fill)
        _drop(schema_editor, old, new, gone=gone)
        for step in self.steps:
            if isinstance(step, AlterField):
                fields = old._meta.get_field(step.name), new._meta.get_field(step.name)
                schema_editor.alter_field(old, *fields)
        for index in _indexes_beside(new, old):
            schema_editor.add_index(new, index)


def _drop(schema_editor: Any, old: Any, new: Any, *, gone: Sequence[str]) -> None:
    for index in _indexes_beside(old, new):
        schema_editor.remove_index(old, index)
    for name in gone:
        schema_editor.remove_field(old, old._meta.get_field(name))


def _indexes_beside(model: Any, other: Any) -> list[Any]:
    """Return the named indexes of ``model`` that ``other`` has not."""
    there = {each.name for each in other._meta.indexes}
    return [each for each in model._meta.indexes if each.name not in there]


def _copy(schema_editor: Any, old: Any, new: Any, *, added: Sequence[str], fill: str) -> None:
    """Make the new table under another name, copy every row, and let it take the old one's place:
    what refers to it does so by name."""
    table = new._meta.db_table
    quoted, other = f'"{table}"', f'"new__{table}"'
    statement, _ = schema_editor.table_sql(new)
    schema_editor.execute(statement.replace(quoted, other, 1))
    told = {new._meta.get_field(name).column for name in added}
    columns = [field.column for field in new._meta.local_concrete_fields]
    named = ", ".join(f'"{column}"' for column in columns)
    given = ", ".join(f'{"filled" if column in told else "old"}."{column}"' for column in columns)
    schema_editor.execute(
        f"INSERT INTO {other} ({named}) SELECT {given} FROM {quoted} AS old "  # noqa: S608 - ours
        f"JOIN ({fill}) AS filled ON filled.id = old.id ORDER BY old.id"
    )
    schema_editor.execute(f"DROP TABLE {quoted}")
    schema_editor.execute(f"ALTER TABLE {other} RENAME TO {quoted}")
    schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(new))  # noqa: SLF001


def _add(schema_editor: Any, old: Any, new: Any, *, added: Sequence[str], fill: str) -> None:
    """Add columns that may be empty, fill them, and require what must not be empty."""
    for name in added:
        schema_editor.add_field(old, _nullable(new, name))
    if added:
        _fill(schema_editor, new, added, fill)
    for name in added:
        field = new._meta.get_field(name)
        if not field.null:
            schema_editor.alter_field(old, _nullable(new, name), field)


def _fill(schema_editor: Any, new: Any, names: Sequence[str], fill: str) -> None:
    table = new._meta.db_table
    columns = [new._meta.get_field(name).column for name in names]
    changes = ", ".join(f'"{column}" = filled."{column}"' for column in columns)
    schema_editor.execute(
        f'UPDATE "{table}" AS old SET {changes} '  # noqa: S608 - ours
        f"FROM ({fill}) AS filled WHERE filled.id = old.id"
    )
    # A table with checks that are still to come cannot be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _nullable(new: Any, name: str) -> Any:
    field: Any = copy.copy(new._meta.get_field(name))
    field.null = True
    return field
