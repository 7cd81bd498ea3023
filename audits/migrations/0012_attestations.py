"""Keys that sign attestations about versions, and evidence packs, in the log's name."""

from __future__ import annotations

from django.db import migrations, models

from core.guards import GuardRows, UnguardRows


class Migration(migrations.Migration):
    dependencies = [("audits", "0011_reports")]

    operations = [
        UnguardRows("LogKey", once=("retired_at",)),
        migrations.RemoveConstraint(model_name="logkey", name="log_key_purpose"),
        migrations.AlterField(
            model_name="logkey",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("log", "Log"),
                    ("receipts", "Receipts"),
                    ("attestations", "Attestations"),
                    ("packs", "Packs"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="logkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["log", "receipts", "attestations", "packs"])),
                name="log_key_purpose",
            ),
        ),
        GuardRows("LogKey", once=("retired_at",)),
    ]
