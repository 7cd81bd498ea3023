"""The words of the journal for the trail; holds, retention rules, and what was let go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from audits.full_text import trail_text_table
from core.guards import GuardRows
from core.tables import Migration as TablesMigration

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "Apply the rules of retention every night"
PERMIT = "audits_removalpermit"


def add_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    crontab, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="15",
        hour="4",
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="UTC",
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "core.enqueue_task",
            "crontab": crontab,
            "kwargs": json.dumps({"name": "audits.apply_retention"}),
            # Without a rule it lets nothing go.
            "enabled": True,
        },
    )


def remove_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(TablesMigration):
    dependencies = [
        ("audits", "0007_witnesses"),
        ("core", "0004_idempotent_requests"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("registry", "0018_triage_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovalPermit",
            fields=[
                ("table_name", models.CharField(max_length=100, primary_key=True, serialize=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.CharField(
                        choices=[
                            ("report_files", "Report Files"),
                            ("scan_results", "Scan Results"),
                        ],
                        max_length=40,
                    ),
                ),
                ("subject", models.UUIDField()),
                ("count", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=71)),
                ("removed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "subject"), name="one_removal_per_subject"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("record__in", ["report_files", "scan_results"])),
                        name="removal_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("reason", models.TextField()),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("counts", models.JSONField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("erased_by", models.F("account")), _negated=True),
                        name="erasure_by_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("organisation", "Organisation"),
                            ("workspace", "Workspace"),
                            ("asset", "Asset"),
                            ("version", "Version"),
                            ("scan", "Scan"),
                            ("report", "Report"),
                            ("account", "Account"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("released_at", models.DateTimeField(null=True)),
                ("release_reason", models.TextField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.asset",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="audits.report",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="audits.scan",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["scope"],
                        name="holds_in_force",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", True),
                                ("report__isnull", True),
                                ("scan__isnull", True),
                                ("scope", "organisation"),
                                ("version__isnull", True),
                                ("workspace__isnull", True),
                            ),
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", True),
                                ("report__isnull", True),
                                ("scan__isnull", True),
                                ("scope", "workspace"),
                                ("version__isnull", True),
                                ("workspace__isnull", False),
                            ),
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", False),
                                ("report__isnull", True),
                                ("scan__isnull", True),
                                ("scope", "asset"),
                                ("version__isnull", True),
                                ("workspace__isnull", True),
                            ),
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", True),
                                ("report__isnull", True),
                                ("scan__isnull", True),
                                ("scope", "version"),
                                ("version__isnull", False),
                                ("workspace__isnull", True),
                            ),
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", True),
                                ("report__isnull", True),
                                ("scan__isnull", False),
                                ("scope", "scan"),
                                ("version__isnull", True),
                                ("workspace__isnull", True),
                            ),
                            models.Q(
                                ("account__isnull", True),
                                ("asset__isnull", True),
                                ("report__isnull", False),
                                ("scan__isnull", True),
                                ("scope", "report"),
                                ("version__isnull", True),
                                ("workspace__isnull", True),
                            ),
                            models.Q(
                                ("account__isnull", False),
                                ("asset__isnull", True),
                                ("report__isnull", True),
                                ("scan__isnull", True),
                                ("scope", "account"),
                                ("version__isnull", True),
                                ("workspace__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_names_its_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("release_reason__isnull", True),
                                ("released_at__isnull", True),
                                ("released_by__isnull", True),
                            ),
                            models.Q(
                                ("release_reason__isnull", False),
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hold_released_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by__isnull", True),
                            models.Q(("released_by", models.F("placed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="hold_released_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("record", models.CharField(max_length=40)),
                ("days", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="audits_retentionrule_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("record",),
                        name="one_retention_rule_per_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 36600)),
                        name="retention_rule_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("is_dry_run", models.BooleanField()),
                ("as_of", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retention_run",
                        to="core.task",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at__isnull", True), ("counts__isnull", True)),
                            models.Q(("completed_at__isnull", False), ("counts__isnull", False)),
                            _connector="OR",
                        ),
                        name="retention_run_counts_iff_completed",
                    )
                ],
            },
        ),
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
        GuardRows("Hold", once=("released_by", "released_at", "release_reason")),
        GuardRows("RetentionRule", once=("valid_to",)),
        GuardRows("RetentionRun", once=("completed_at", "counts")),
        GuardRows("Removal"),
        GuardRows("Erasure"),
        trail_text_table(),
        # These may go, in a transaction that says so: a migration that guards them again must
        # name the permit, too.
        GuardRows("ReportFile", permitted_by=PERMIT),
        GuardRows("ScanResult", permitted_by=PERMIT),
        migrations.RunPython(add_schedule, remove_schedule),
    ]
