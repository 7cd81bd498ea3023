"""Indexes that begin with the workspace or with a fact, for lists at any number of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_planner(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let SQLite know the new indexes: it plans by figures that it does not gather by itself."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("ANALYZE", None)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_tracking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["name", "version"], name="aliases_by_name"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["name"], name="assets_by_name"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["workspace", "-id"], name="assets_of_a_workspace"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["workspace", "created_at"], name="assets_by_creation"),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index(fields=["workspace", "updated_at"], name="assets_by_update"),
        ),
        migrations.AddIndex(
            model_name="assetversion",
            index=models.Index(fields=["workspace", "created_at"], name="versions_by_creation"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(
                fields=["workspace", "name", "asset"], name="catalogue_place_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(
                fields=["workspace", "-updated_at", "-asset"], name="catalogue_place_freshest"
            ),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(
                fields=["workspace", "-created_at", "-asset"], name="catalogue_place_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["task"], name="catalogue_by_task"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["provider"], name="catalogue_by_provider"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["license"], name="catalogue_by_license"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["risk_tier"], name="catalogue_by_risk_tier"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["source_type"], name="catalogue_by_source_type"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["lifecycle"], name="catalogue_by_lifecycle"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["card_status"], name="catalogue_by_card_status"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["scan_verdict"], name="catalogue_by_scan_verdict"),
        ),
        migrations.AddIndex(
            model_name="lifecycle",
            index=models.Index(
                condition=models.Q(("valid_to__isnull", True)),
                fields=["state", "version"],
                name="versions_in_a_state",
            ),
        ),
        migrations.RunPython(tell_planner, migrations.RunPython.noop),
    ]
