"""Cosignatures of witnesses, how far each anchor is, and streams of the journal to outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "Start anchors and streams anew where they came to a halt"


def add_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    interval_model = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = interval_model.objects.get_or_create(every=10, period="minutes")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "core.enqueue_task",
            "interval": interval,
            "kwargs": json.dumps({"name": "audits.sweep"}),
        },
    )


def remove_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("audits", "0006_conflicts"),
        ("core", "0004_idempotent_requests"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LogSink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                ("dispute", models.CharField(blank=True, max_length=400)),
                ("known_size", models.PositiveBigIntegerField(null=True)),
                ("moved_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "transport",
                    models.CharField(
                        choices=[("http", "Http"), ("syslog", "Syslog"), ("file", "File")],
                        max_length=6,
                    ),
                ),
                ("address", models.CharField(max_length=2000)),
                ("format", models.CharField(max_length=10)),
                ("batch", models.PositiveSmallIntegerField(default=1)),
                ("with_names", models.BooleanField(default=True)),
                ("workspaces", models.JSONField(default=list)),
                ("actions", models.JSONField(default=list)),
                ("outcomes", models.JSONField(default=list)),
                ("sealed", models.BinaryField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("deleted", "Deleted"),
                        ],
                        default="active",
                        max_length=7,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("cursor", models.BigIntegerField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                ("moved_at", models.DateTimeField(null=True)),
                ("tested_at", models.DateTimeField(null=True)),
                ("test_result", models.CharField(blank=True, max_length=400)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="StreamLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("error", models.CharField(max_length=400)),
                ("failed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_due", models.BooleanField(default=False)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.journalentry",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="audits.stream",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LogCosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("witness", models.CharField(max_length=400)),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="audits.logcheckpoint",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checkpoint", "witness"), name="one_cosignature_per_witness"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "paused"])),
                fields=("name",),
                name="one_stream_per_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "paused", "deleted"])),
                name="stream_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("transport__in", ["http", "syslog", "file"])),
                name="stream_transport",
            ),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.CheckConstraint(
                condition=models.Q(("batch__gte", 1)), name="stream_batch"
            ),
        ),
        migrations.AddIndex(
            model_name="streamletter",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", True)),
                fields=["stream"],
                name="letters_of_a_stream",
            ),
        ),
        migrations.AddConstraint(
            model_name="streamletter",
            constraint=models.UniqueConstraint(
                fields=("stream", "entry"), name="one_letter_per_entry"
            ),
        ),
        GuardRows("LogCosignature"),
        migrations.RunPython(add_schedule, remove_schedule),
    ]
