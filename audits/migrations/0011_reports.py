"""A report may rest on a version instead of a scan, tells of one framework, and covers workspaces
of its own choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.guards import GuardRows, UnguardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ONCE = ("task", "completed_at")
# Retention may take files away, as 0008_retention has it.
PERMIT = "audits_removalpermit"


def cover_what_scans_did(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have every report that there is cover the workspaces of its scan."""
    unit = apps.get_model("audits", "ReportWorkspace")
    reports = apps.get_model("audits", "Report").objects.filter(scan__units__isnull=False)
    rows = reports.values_list("pk", "scan__units__workspace")
    unit.objects.bulk_create(
        (
            unit(report_id=report, workspace_id=workspace)
            for report, workspace in rows.order_by("pk").iterator()
        ),
        batch_size=1_000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0010_frameworks"),
        ("core", "0004_idempotent_requests"),
        ("registry", "0018_triage_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # PostgreSQL alters no column that a trigger names.
        UnguardRows("Report", once=ONCE),
        UnguardRows("ReportFile", permitted_by=PERMIT),
        migrations.AddField(
            model_name="report",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="registry.assetversion",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="as_of",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="framework",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name="report",
            name="scan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="audits.scan",
            ),
        ),
        migrations.AlterField(
            model_name="reportfile",
            name="format",
            field=models.CharField(max_length=40),
        ),
        migrations.CreateModel(
            name="ReportWorkspace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="audits.report",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_units",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="report",
            name="workspaces",
            field=models.ManyToManyField(
                related_name="reports", through="audits.ReportWorkspace", to="registry.workspace"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("about__isnull", True), ("scan__isnull", False)),
                    models.Q(("about__isnull", False), ("as_of__isnull", False)),
                    _connector="OR",
                ),
                name="report_rests_on_a_scan_or_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportworkspace",
            constraint=models.UniqueConstraint(
                fields=("report", "workspace"), name="one_report_unit_per_workspace"
            ),
        ),
        GuardRows("Report", once=ONCE),
        GuardRows("ReportFile", permitted_by=PERMIT),
        GuardRows("ReportWorkspace"),
        # After the guards: PostgreSQL alters no table that has rows to check at the commit.
        migrations.RunPython(cover_what_scans_did, migrations.RunPython.noop),
    ]
