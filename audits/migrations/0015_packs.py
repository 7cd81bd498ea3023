"""Large files of reports lie in the store, as packs do, and only small ones in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models

from core.guards import GuardRows, UnguardRows
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Retention may take files away, as 0008_retention has it.
PERMIT = "audits_removalpermit"


def nothing(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What lies in the table stays there."""


def bring_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the bytes that lie in the store into the table again."""
    files = apps.get_model("audits", "ReportFile").objects.filter(blob__isnull=False)
    for file in files.select_related("blob"):
        assert file.blob is not None  # by the filter
        with store_at_hand() as store:
            file.body = b"".join(store.read(file.blob.key))
        file.save(update_fields=["body"])


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0014_lean_results"),
        ("registry", "0018_triage_findings"),
    ]

    operations = [
        # PostgreSQL alters no column that a trigger names.
        UnguardRows("ReportFile", permitted_by=PERMIT),
        migrations.AddField(
            model_name="reportfile",
            name="blob",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_files",
                to="registry.blob",
            ),
        ),
        migrations.AlterField(
            model_name="reportfile",
            name="body",
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(nothing, bring_back),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("blob__isnull", True), ("body__isnull", False)),
                    models.Q(("blob__isnull", False), ("body__isnull", True)),
                    _connector="OR",
                ),
                name="report_file_lies_in_one_place",
            ),
        ),
        GuardRows("ReportFile", permitted_by=PERMIT),
    ]
