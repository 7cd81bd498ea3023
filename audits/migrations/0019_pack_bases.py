"""What a pack covers is told by itself: workspaces, which may be fewer than its scan's, and a
framework. The packs that are there cover all of their scan, or the workspace of their version.

Backwards, narrower packs keep their bytes and pass for packs of all of their scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models

from core.guards import GuardRows, UnguardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 500
ONCE = (
    "task",
    "completed_at",
    "blob",
    "digest",
    "size",
    "manifest",
    "checkpoint",
    "contents",
)


def tell_workspaces(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each pack its workspaces."""
    unit = apps.get_model("audits", "PackWorkspace")
    packs = apps.get_model("audits", "EvidencePack").objects
    of_versions = packs.filter(about__isnull=False).values_list("pk", "about__asset__workspace")
    of_scans = packs.filter(about__isnull=True, scan__units__isnull=False)
    for rows in (of_versions, of_scans.values_list("pk", "scan__units__workspace")):
        unit.objects.bulk_create(
            (unit(pack_id=pack, workspace_id=place) for pack, place in rows.iterator(AT_ONCE)),
            batch_size=AT_ONCE,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0018_lean_findings"),
        ("registry", "0018_triage_findings"),
    ]

    operations = [
        # SQLite loses what guards a table that is made anew.
        UnguardRows("EvidencePack", once=ONCE),
        migrations.AddField(
            model_name="evidencepack",
            name="framework",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.CreateModel(
            name="PackWorkspace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="audits.evidencepack",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pack_units",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="evidencepack",
            name="workspaces",
            field=models.ManyToManyField(
                related_name="packs", through="audits.PackWorkspace", to="registry.workspace"
            ),
        ),
        migrations.AddConstraint(
            model_name="packworkspace",
            constraint=models.UniqueConstraint(
                fields=("pack", "workspace"), name="one_pack_unit_per_workspace"
            ),
        ),
        GuardRows("EvidencePack", once=ONCE),
        GuardRows("PackWorkspace"),
        # After the guards: PostgreSQL alters no table that has rows to check at the commit.
        migrations.RunPython(tell_workspaces, migrations.RunPython.noop),
    ]
