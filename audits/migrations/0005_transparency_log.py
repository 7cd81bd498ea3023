"""The transparency log: tiles, checkpoints, keys and anchors."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0004_breaches"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveBigIntegerField(unique=True)),
                ("origin", models.CharField(max_length=300)),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("log", "Log"), ("receipts", "Receipts")], max_length=8
                    ),
                ),
                ("vkey", models.CharField(max_length=400, unique=True)),
                ("statement", models.TextField(blank=True)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "log"), ("retired_at__isnull", True)),
                        fields=("purpose",),
                        name="one_log_key_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["log", "receipts"])),
                        name="log_key_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogTile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.PositiveBigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("level", "index"), name="one_tile_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="LogAnchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sink", models.CharField(max_length=200)),
                ("receipt", models.TextField(blank=True)),
                (
                    "anchored_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anchors",
                        to="audits.logcheckpoint",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checkpoint", "sink"), name="one_anchor_per_sink"
                    )
                ],
            },
        ),
        GuardRows("LogCheckpoint"),
        GuardRows("LogKey", once=("retired_at",)),
        GuardRows("LogAnchor"),
        GuardRows("LogTile", mutable=("hashes",)),
    ]
