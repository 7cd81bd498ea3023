"""The words of the journal for the trail; retention rules, holds, and what was let go."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from audits.full_text import TrailTextTable
from core.tables import Migration as TablesMigration


class Migration(TablesMigration):
    dependencies = [
        ("audits", "0006_conflicts"),
        ("core", "0004_idempotent_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="core.journalentry",
                    ),
                ),
                ("everything", models.TextField(db_column="audits_trailtext")),
            ],
            options={
                "db_table": "audits_trailtext",
                "managed": False,
                "default_permissions": (),
            },
        ),
        TrailTextTable(),
    ]
