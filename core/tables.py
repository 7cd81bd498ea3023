"""Migrations that create many tables without rendering every model again for each step.

Django renders all models related to the one that an operation touches, and here nearly all are
related through workspaces and users: a hundred tables with their constraints, step by step, cost
half a minute of processor time. Steps that concern new tables alone need no state in between.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import (
    AddConstraint,
    AddIndex,
    AlterUniqueTogether,
    CreateModel,
)

from core.guards import GuardRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Run ``steps`` as one: create each new table once, as it is after the last of them.

    The steps create models, complete models that they created, and guard rows; nothing else
    (see ``joins``).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = list(steps)

    def joins(self, step: Operation) -> bool:
        """Say whether ``step`` may be put behind the others without a state in between."""
        if isinstance(step, CreateModel | GuardRows):
            return True
        created = {item.name_lower for item in self.steps if isinstance(item, CreateModel)}
        if isinstance(step, AddConstraint | AddIndex):
            return step.model_name_lower in created
        if isinstance(step, migrations.AddField):
            return step.model_name_lower in created
        return isinstance(step, AlterUniqueTogether) and step.name_lower in created

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models; they are rendered when the database asks for them, once."""
        state.__dict__.pop("apps", None)
        state.is_delayed = False  # nothing rendered is left that could be behind
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables with all that the later steps add to them, then their guards."""
        for step in self.steps:
            if isinstance(step, CreateModel | GuardRows):
                step.database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    """A migration whose consecutive steps on new tables are run as one.

    Only going forwards: going back runs the steps one by one, as Django does.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Apply the migration as ``django.db.migrations.Migration`` does, in fewer steps."""
        batched: Any = copy.copy(self)
        batched.operations = in_batches(self.operations)
        return migrations.Migration.apply(batched, project_state, schema_editor, collect_sql)


def in_batches(operations: Sequence[Operation]) -> list[Operation]:
    """Return ``operations`` in their order, with each run on new tables put into one step."""
    batched: list[Operation] = []
    for step in operations:
        last = batched[-1] if batched else None
        if isinstance(last, CreateTables) and last.joins(step):
            last.steps.append(step)
        elif isinstance(step, CreateModel):
            batched.append(CreateTables([step]))
        else:
            batched.append(step)
    return batched
