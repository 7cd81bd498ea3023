"""Who was reminded of findings that are due."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SCHEDULE = "Remind those who see to findings of what is due"


def add_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    interval, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="hours"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=SCHEDULE,
        defaults={
            "task": "core.enqueue_task",
            "interval": interval,
            "kwargs": json.dumps({"name": "audits.remind_of_findings"}),
        },
    )


def remove_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=SCHEDULE).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("audits", "0015_packs"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "told_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="audits.finding",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("finding", "due_at", "days"), name="one_reminder_of_finding"
                    )
                ],
            },
        ),
        GuardRows("FindingReminder"),
        migrations.RunPython(add_schedule, remove_schedule),
    ]
