"""Evidence packs."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids
from core import tables
from core.guards import GuardRows


class Migration(tables.Migration):
    dependencies = [
        ("audits", "0012_attestations"),
        ("core", "0004_idempotent_requests"),
        ("registry", "0018_triage_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidencePack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("as_of", models.DateTimeField()),
                ("requested_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(null=True)),
                ("digest", models.CharField(max_length=71, null=True)),
                ("size", models.BigIntegerField(null=True)),
                ("manifest", models.CharField(max_length=71, null=True)),
                ("checkpoint", models.BigIntegerField(null=True)),
                ("contents", models.JSONField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_packs",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_packs",
                        to="registry.blob",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_packs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="audits.scan",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_pack",
                        to="core.task",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scan__isnull", False), ("about__isnull", False), _connector="OR"
                        ),
                        name="pack_has_a_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("blob__isnull", True),
                                ("checkpoint__isnull", True),
                                ("completed_at__isnull", True),
                                ("contents__isnull", True),
                                ("digest__isnull", True),
                                ("manifest__isnull", True),
                                ("size__isnull", True),
                            ),
                            models.Q(
                                ("blob__isnull", False),
                                ("checkpoint__isnull", False),
                                ("completed_at__isnull", False),
                                ("contents__isnull", False),
                                ("digest__isnull", False),
                                ("manifest__isnull", False),
                                ("size__isnull", False),
                                ("task__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="pack_is_whole_iff_completed",
                    ),
                ],
            },
        ),
        GuardRows(
            "EvidencePack",
            once=(
                "task",
                "completed_at",
                "blob",
                "digest",
                "size",
                "manifest",
                "checkpoint",
                "contents",
            ),
        ),
    ]
