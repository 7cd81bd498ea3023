"""Snapshots know the form that they were told in, what it told, and the bytes it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.state import ProjectState

import core.fields
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def guard_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back, SQLite loses the guard with the table that it rebuilds."""
    guard, state = GuardRows("Snapshot"), ProjectState.from_apps(apps)
    guard.database_forwards("policies", schema_editor, state, state)


class Migration(core.tables.Migration):
    dependencies = [("policies", "0004_terms")]

    operations = [
        migrations.CreateModel(
            name="SourceDocument",
            fields=[
                ("digest", models.CharField(max_length=71, primary_key=True, serialize=False)),
                ("body", models.BinaryField()),
                ("media_type", models.CharField(max_length=40)),
                ("is_redacted", models.BooleanField(default=False)),
            ],
            options={"default_permissions": ()},
        ),
        GuardRows("SourceDocument"),
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            model_name="snapshot",
            name="format",
            field=models.CharField(default="native", max_length=40),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="fields",
            field=core.fields.CanonicalJSONField(null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="source_document",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snapshots",
                to="policies.sourcedocument",
            ),
        ),
        GuardRows("Snapshot"),
    ]
