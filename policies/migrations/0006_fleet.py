"""Open Policy Agents of elsewhere: what they pull, and what they tell."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.ids
import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [
        ("policies", "0005_sources"),
        ("registry", "0017_emit_lineage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opa",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=63, unique=True)),
                ("labels", models.JSONField(default=dict)),
                ("is_signed", models.BooleanField(default=True)),
                (
                    "registered_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "registered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opa",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opas",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "verbose_name": "OPA",
                "verbose_name_plural": "OPAs",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpaInstance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("instance_id", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("labels", models.JSONField(default=dict)),
                ("revision", models.CharField(blank=True, max_length=200)),
                ("problems", models.JSONField(default=list)),
                ("dropped", models.PositiveBigIntegerField(default=0)),
                ("status", core.fields.CanonicalJSONField(default=dict)),
                (
                    "first_seen_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("last_status_at", models.DateTimeField(null=True)),
                ("last_logs_at", models.DateTimeField(null=True)),
                (
                    "opa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="policies.opa",
                    ),
                ),
            ],
            options={
                "verbose_name": "OPA instance",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpaChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("revision", models.CharField(blank=True, max_length=200)),
                ("problems", models.JSONField(default=list)),
                ("lost", models.PositiveBigIntegerField(default=0)),
                ("previous_status_at", models.DateTimeField(null=True)),
                (
                    "told_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="policies.opainstance",
                    ),
                ),
            ],
            options={
                "verbose_name": "OPA status change",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpaRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("revision", models.CharField(max_length=200)),
                ("policies", models.JSONField()),
                ("modules_digest", models.CharField(max_length=71)),
                ("data", core.fields.CanonicalJSONField()),
                (
                    "first_pulled_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "opa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="policies.opa",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OpaSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                (
                    "opa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="policies.opa",
                    ),
                ),
                (
                    "policy_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policyversion",
                    ),
                ),
                (
                    "set_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policysetversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FleetDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("decision_id", models.CharField(max_length=200)),
                ("instance_id", models.CharField(blank=True, max_length=200)),
                ("path", models.CharField(blank=True, max_length=500)),
                ("revision", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(blank=True, max_length=14)),
                ("event", core.fields.CanonicalJSONField()),
                ("redacted", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=71)),
                ("decided_at", models.DateTimeField()),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "opa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="policies.opa",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["opa", "-id"], name="fleet_decisions_newest_first")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("opa", "decision_id"), name="one_fleet_decision_per_id"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="opainstance",
            constraint=models.UniqueConstraint(
                fields=("opa", "instance_id"), name="one_row_per_opa_instance"
            ),
        ),
        migrations.AddIndex(
            model_name="opachange",
            index=models.Index(fields=["instance", "-id"], name="opa_changes_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="oparevision",
            constraint=models.UniqueConstraint(
                fields=("opa", "digest"), name="one_revision_per_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="opasource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="policies_opasource_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="opasource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("policy_version__isnull", False), ("set_version__isnull", True)),
                    models.Q(("policy_version__isnull", True), ("set_version__isnull", False)),
                    _connector="OR",
                ),
                name="opa_source_of_policy_or_set",
            ),
        ),
        GuardRows("Opa", once=("retired_at", "retired_by")),
        GuardRows("OpaSource", once=("valid_to",)),
        GuardRows("OpaRevision"),
        GuardRows("OpaChange"),
        GuardRows("FleetDecision"),
    ]
