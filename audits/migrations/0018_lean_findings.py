"""Results and findings without indexes that others begin with, or that hold nothing but nulls; and
unique by workspace and identity, so that what a scan writes together lies together in the index."""

from __future__ import annotations

from django.db import migrations, models

from core.field_indexes import DropFieldIndexes
from core.guards import GuardRows, UnguardRows

# Results may go, in a transaction that says so.
PERMIT = "audits_removalpermit"
MUTABLE = (
    "opened_at",
    "first_seen_at",
    "severity",
    "state",
    "resolution",
    "last_seen_at",
    "resolved_at",
    "regressions",
    "latest_result",
    "latest_sighting",
)


class Migration(migrations.Migration):
    dependencies = [("audits", "0017_received_records")]

    operations = [
        UnguardRows("ScanResult", permitted_by=PERMIT),
        DropFieldIndexes("ScanResult", ("scan",)),
        migrations.RemoveIndex(model_name="scanresult", name="scan_results_by_workspace"),
        migrations.RemoveConstraint(model_name="scanresult", name="one_result_per_question"),
        migrations.AddConstraint(
            model_name="scanresult",
            constraint=models.UniqueConstraint(
                fields=("scan", "workspace", "identity"), name="one_result_per_question"
            ),
        ),
        GuardRows("ScanResult", permitted_by=PERMIT),
        DropFieldIndexes("FindingTransition", ("finding",)),
        UnguardRows("Finding", mutable=MUTABLE),
        DropFieldIndexes("Finding", ("workspace", "deployment", "latest_sighting")),
        migrations.AlterField(
            model_name="finding", name="identity", field=models.CharField(max_length=71)
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("workspace", "identity"), name="one_finding_per_question"
            ),
        ),
        GuardRows("Finding", mutable=MUTABLE),
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
