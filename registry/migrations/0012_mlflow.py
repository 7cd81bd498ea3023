"""What MLflow's registry says of a version beyond ours; credentials count the epoch up."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import core.tables
from core.guards import GuardRows
from registry.guards import BumpEpochOnChange


class Migration(core.tables.Migration):
    dependencies = [("registry", "0011_collaboration")]

    operations = [
        migrations.CreateModel(
            name="VersionOrigin",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="origin",
                        serialize=False,
                        to="registry.assetversion",
                    ),
                ),
                ("source", models.CharField(max_length=2000)),
                ("download_uri", models.CharField(max_length=2000)),
                ("run_id", models.CharField(blank=True, db_index=True, max_length=200)),
                ("run_link", models.CharField(blank=True, max_length=2000)),
                ("model_id", models.CharField(blank=True, max_length=200)),
            ],
            options={"default_permissions": ()},
        ),
        GuardRows("VersionOrigin"),
        # A process may keep who a credential belongs to, under the epoch.
        BumpEpochOnChange("core_user", columns=("username", "password"), label="credential"),
        BumpEpochOnChange("registry_token", columns=("revoked_at",)),
        BumpEpochOnChange("registry_token_workspaces"),
    ]
