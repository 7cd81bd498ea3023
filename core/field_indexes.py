"""Migrations that take the index of its own off a foreign key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class DropFieldIndexes(Operation):
    """Drop the index that Django makes for each of the foreign keys ``names`` of a model, because
    another one begins with its column.

    Altering the field would do the same, and on SQLite make the whole table anew, without its
    guard.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, names: tuple[str, ...]) -> None:
        self.model_name = model_name
        self.names = names

    def describe(self) -> str:
        return f"Drop the indexes of {', '.join(self.names)} on {self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Know the fields without ``db_index``."""
        model = self.model_name.lower()
        for name in self.names:
            field = state.models[app_label, model].fields[name].clone()
            field.db_index = False
            state.alter_field(app_label, model, name, field, preserve_default=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop them; raises LookupError where there is not one for each."""
        editor: Any = schema_editor
        model = from_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            column = model._meta.get_field(name).column
            found = editor._constraint_names(  # noqa: SLF001 - as Django's own operations
                model, [column], index=True, unique=False
            )
            if len(found) != 1:
                raise LookupError(f"{model._meta.db_table}.{column} has the indexes {found}")
            editor.execute(editor._delete_index_sql(model, found[0]))  # noqa: SLF001

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make them again."""
        editor: Any = schema_editor
        model = to_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            field = model._meta.get_field(name)
            for statement in editor._field_indexes_sql(model, field):  # noqa: SLF001
                editor.execute(statement)
