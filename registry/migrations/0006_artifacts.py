"""Stored artifacts: blobs, uploads, scans and signatures."""

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

NAME = "Let go of stored bytes that nothing refers to"


def add_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    interval_model = apps.get_model("django_celery_beat", "IntervalSchedule")
    daily, _ = interval_model.objects.get_or_create(every=1, period="days")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "core.enqueue_task",
            "interval": daily,
            "kwargs": json.dumps({"name": "registry.collect_garbage"}),
        },
    )


def remove_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(core.tables.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registry", "0005_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=71, unique=True)),
                ("size", models.BigIntegerField()),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "stored_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["stored_at"], name="blobs_oldest_first")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="blob_size")
                ],
            },
        ),
        migrations.CreateModel(
            name="BlobClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "artifact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim",
                        to="registry.versionartifact",
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="registry.blob",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ModelSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("bundle", models.TextField()),
                ("digest", models.CharField(max_length=71)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SignatureVerification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("failed", "Failed"),
                            ("untrusted", "Untrusted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("signer", models.CharField(blank=True, max_length=71)),
                ("tool", models.CharField(max_length=50)),
                ("tool_version", models.CharField(max_length=50)),
                (
                    "verified_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="registry.modelsignature",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TrustedKey",
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
                ("name", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=71)),
                ("pem", models.TextField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trusted_keys",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("declared_digest", models.CharField(blank=True, max_length=71)),
                ("declared_size", models.BigIntegerField(null=True)),
                ("media_type", models.CharField(blank=True, max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=71, null=True)),
                ("size", models.BigIntegerField(null=True)),
                ("stored_at", models.DateTimeField(null=True)),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="registry.blob",
                    ),
                ),
                (
                    "uploader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ArtifactScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("digest", models.CharField(max_length=71)),
                ("size", models.BigIntegerField()),
                ("format", models.CharField(max_length=30)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("safe", "safe"),
                            ("allow_listed", "allow_listed"),
                            ("unknown", "unknown"),
                            ("dangerous", "dangerous"),
                        ],
                        max_length=12,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("tool", models.CharField(max_length=50)),
                ("tool_version", models.CharField(max_length=50)),
                (
                    "scanned_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["workspace", "digest", "-id"], name="newest_scan_of_bytes")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__in", ["safe", "allow_listed", "unknown", "dangerous"])
                        ),
                        name="artifact_scan_verdict",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="modelsignature",
            constraint=models.UniqueConstraint(
                fields=("version", "digest"), name="one_signature_per_version_and_bundle"
            ),
        ),
        migrations.AddConstraint(
            model_name="signatureverification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signer__gt", ""), ("status", "verified")),
                    models.Q(("status", "verified"), _negated=True),
                    _connector="OR",
                ),
                name="verified_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="trustedkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_trustedkey_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="trustedkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("workspace", "fingerprint"),
                name="one_open_trust_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="trustedkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("workspace", "name"),
                name="one_open_trust_per_name",
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["uploader", "-id"], name="uploads_of_somebody"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                condition=models.Q(("blob__isnull", False)),
                fields=["expires_at"],
                name="uploads_that_hold_bytes",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("digest__isnull", True),
                        ("size__isnull", True),
                        ("stored_at__isnull", True),
                    ),
                    models.Q(
                        ("digest__isnull", False),
                        ("size__isnull", False),
                        ("stored_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="upload_is_stored_as_a_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("blob__isnull", True), ("stored_at__isnull", False), _connector="OR"
                ),
                name="upload_holds_bytes_only_when_stored",
            ),
        ),
        GuardRows("Blob", mutable=("key",), deletable=True),
        GuardRows("Upload", mutable=("blob",), once=("digest", "size", "stored_at")),
        GuardRows("BlobClaim", deletable=True),
        GuardRows("ArtifactScan"),
        GuardRows("TrustedKey", once=("valid_to",)),
        GuardRows("ModelSignature"),
        GuardRows("SignatureVerification"),
        migrations.RunPython(add_schedule, remove_schedule),
    ]
