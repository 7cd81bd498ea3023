"""Results and findings without indexes that others begin with, or that hold nothing but nulls: a
first scan writes a row for each rule, and a finding for all that fails."""

from __future__ import annotations

from django.db import migrations, models

from core.field_indexes import DropFieldIndexes


class Migration(migrations.Migration):
    dependencies = [("audits", "0017_received_records")]

    operations = [
        DropFieldIndexes("ScanResult", ("scan",)),
        DropFieldIndexes("FindingTransition", ("finding",)),
        DropFieldIndexes("Finding", ("workspace", "deployment", "latest_sighting")),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(deployment__isnull=False),
                fields=["deployment"],
                name="findings_of_deployment",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(latest_sighting__isnull=False),
                fields=["latest_sighting"],
                name="findings_by_sighting",
            ),
        ),
    ]
