"""The workspace of a version, beside its asset's, so that lists need no join to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models

from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_workspaces(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each version the workspace of its asset; the guard knows the older columns only."""
    assets = apps.get_model("registry", "Asset").objects.filter(pk=models.OuterRef("asset_id"))
    versions = apps.get_model("registry", "AssetVersion").objects
    versions.update(workspace_id=models.Subquery(assets.values("workspace_id")))
    if schema_editor.connection.vendor == "postgresql":
        # The next step alters the table: no check of these rows may be left to the commit.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_catalogue")]

    operations = [
        migrations.AddField(
            model_name="assetversion",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.workspace",
            ),
        ),
        migrations.RunPython(copy_workspaces, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="assetversion",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="assetversion",
            index=models.Index(fields=["workspace", "-id"], name="versions_of_a_workspace"),
        ),
        migrations.AddIndex(
            model_name="assetversion",
            index=models.Index(fields=["asset", "-id"], name="versions_of_an_asset"),
        ),
        GuardRows("AssetVersion"),
    ]
