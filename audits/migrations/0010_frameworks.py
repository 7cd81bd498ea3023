"""Frameworks that an organisation brings, and the risk register."""

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

SCHEDULE = "Remind the owners of risks whose review is overdue"


def add_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    interval, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="hours"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=SCHEDULE,
        defaults={
            "task": "core.enqueue_task",
            "interval": interval,
            "kwargs": json.dumps({"name": "audits.remind_of_reviews"}),
        },
    )


def remove_schedule(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=SCHEDULE).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("audits", "0009_findings"),
        ("core", "0002_guards"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("policies", "0006_fleet"),
        ("registry", "0018_triage_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnFramework",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("last_number", models.PositiveIntegerField(default=0)),
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
            name="Risk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RiskRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("revised", "Revised"),
                            ("reviewed", "Reviewed"),
                            ("accepted", "Accepted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("safety", "Safety"),
                            ("fundamental_rights", "Fundamental Rights"),
                            ("fairness", "Fairness"),
                            ("privacy", "Privacy"),
                            ("security", "Security"),
                            ("robustness", "Robustness"),
                            ("transparency", "Transparency"),
                            ("compliance", "Compliance"),
                            ("supply_chain", "Supply Chain"),
                            ("operational", "Operational"),
                        ],
                        max_length=20,
                    ),
                ),
                ("inherent_likelihood", models.PositiveSmallIntegerField()),
                ("inherent_impact", models.PositiveSmallIntegerField()),
                ("residual_likelihood", models.PositiveSmallIntegerField(null=True)),
                ("residual_impact", models.PositiveSmallIntegerField(null=True)),
                (
                    "treatment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("avoid", "Avoid"),
                            ("reduce", "Reduce"),
                            ("transfer", "Transfer"),
                            ("accept", "Accept"),
                        ],
                        max_length=8,
                    ),
                ),
                ("treatment_reason", models.TextField(blank=True)),
                ("review_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("treated", "Treated"),
                            ("accepted", "Accepted"),
                            ("closed", "Closed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="audits.risk",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="risk",
            name="current",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audits.riskrevision",
            ),
        ),
        migrations.CreateModel(
            name="ControlMapping",
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
                ("framework", models.CharField(max_length=100)),
                ("control", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mapped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control_mappings",
                        to="policies.policy",
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
                        name="audits_controlmapping_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("framework", "control", "policy"),
                        name="one_open_control_mapping",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlStatement",
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
                ("framework", models.CharField(max_length=100)),
                ("control", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("implemented", "Implemented"),
                            ("partial", "Partial"),
                            ("planned", "Planned"),
                            ("not_applicable", "Not Applicable"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", models.TextField()),
                ("evidence_uri", models.TextField(blank=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control_statements",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["workspace", "-id"], name="statements_of_workspace")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="audits_controlstatement_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("valid_from"))),
                        name="statement_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["implemented", "partial", "planned", "not_applicable"])
                        ),
                        name="statement_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("framework", "control", "workspace"),
                        name="one_open_statement_per_workspace",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("workspace__isnull", True)),
                        fields=("framework", "control"),
                        name="one_open_statement_of_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnFrameworkVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("source", models.TextField()),
                ("source_uri", models.TextField(blank=True)),
                ("oscal_version", models.CharField(max_length=20)),
                ("document", models.BinaryField()),
                ("digest", models.CharField(max_length=71)),
                ("contents", models.JSONField()),
                ("reason", models.TextField(blank=True)),
                (
                    "imported_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="audits.ownframework",
                    ),
                ),
                (
                    "imported_by",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("framework", "number"), name="one_framework_version_per_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="framework_versions_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskLink",
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
                ("framework", models.CharField(blank=True, max_length=100)),
                ("control", models.CharField(blank=True, max_length=200)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="registry.asset",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "exemption",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="policies.exemption",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
                        to="audits.finding",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="audits.risk",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_links",
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
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="audits_risklink_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("workspace__isnull", False),
                                ("asset__isnull", False),
                                ("version__isnull", True),
                                ("finding__isnull", True),
                                ("exemption__isnull", True),
                                ("control", ""),
                            ),
                            models.Q(
                                ("workspace__isnull", False),
                                ("asset__isnull", True),
                                ("version__isnull", False),
                                ("finding__isnull", True),
                                ("exemption__isnull", True),
                                ("control", ""),
                            ),
                            models.Q(
                                ("workspace__isnull", False),
                                ("asset__isnull", True),
                                ("version__isnull", True),
                                ("finding__isnull", False),
                                ("exemption__isnull", True),
                                ("control", ""),
                            ),
                            models.Q(
                                ("workspace__isnull", False),
                                ("asset__isnull", True),
                                ("version__isnull", True),
                                ("finding__isnull", True),
                                ("exemption__isnull", False),
                                ("control", ""),
                            ),
                            models.Q(
                                ("workspace__isnull", True),
                                ("asset__isnull", True),
                                ("version__isnull", True),
                                ("finding__isnull", True),
                                ("exemption__isnull", True),
                                models.Q(("control", ""), _negated=True),
                                models.Q(("framework", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="risk_link_to_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("asset__isnull", False), ("valid_to__isnull", True)),
                        fields=("risk", "asset"),
                        name="one_open_risk_link_per_asset",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("version__isnull", False)),
                        fields=("risk", "version"),
                        name="one_open_risk_link_per_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finding__isnull", False), ("valid_to__isnull", True)),
                        fields=("risk", "finding"),
                        name="one_open_risk_link_per_finding",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("exemption__isnull", False), ("valid_to__isnull", True)
                        ),
                        fields=("risk", "exemption"),
                        name="one_open_risk_link_per_exemption",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), models.Q(("control", ""), _negated=True)
                        ),
                        fields=("risk", "framework", "control"),
                        name="one_open_risk_link_per_control",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("review_on", models.DateField()),
                (
                    "told_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="audits.risk",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("risk", "review_on"), name="reminded_once_per_date"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="riskrevision",
            index=models.Index(fields=["risk", "-id"], name="revisions_of_risk"),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.UniqueConstraint(
                fields=("risk", "number"), name="one_risk_revision_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="risk_revisions_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inherent_impact__in", (1, 2, 3, 4, 5)),
                    ("inherent_likelihood__in", (1, 2, 3, 4, 5)),
                ),
                name="risk_inherent_from_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("residual_impact__isnull", True), ("residual_likelihood__isnull", True)
                    ),
                    models.Q(
                        ("residual_impact__in", (1, 2, 3, 4, 5)),
                        ("residual_likelihood__in", (1, 2, 3, 4, 5)),
                    ),
                    _connector="OR",
                ),
                name="risk_residual_from_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("treatment", ""), ("treatment_reason", "")),
                    models.Q(
                        ("treatment__in", ["avoid", "reduce", "transfer", "accept"]),
                        models.Q(("treatment_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="risk_treatment_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "treated", "accepted", "closed"])),
                name="risk_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted_by__isnull", False),
                        ("state", "accepted"),
                        ("treatment", "accept"),
                        models.Q(("accepted_by", models.F("owner")), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "accepted"), _negated=True),
                        ("accepted_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="nobody_accepts_their_own_risk",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "treated"), _negated=True),
                    models.Q(("treatment", ""), _negated=True),
                    _connector="OR",
                ),
                name="treated_by_a_treatment",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(fields=["workspace", "-id"], name="risks_of_workspace"),
        ),
        GuardRows("OwnFramework", mutable=("last_number",)),
        GuardRows("OwnFrameworkVersion"),
        GuardRows("ControlMapping", once=("valid_to", "ended_by")),
        GuardRows("ControlStatement", once=("valid_to", "ended_by")),
        GuardRows("Risk", mutable=("current",)),
        GuardRows("RiskRevision"),
        GuardRows("RiskLink", once=("valid_to", "ended_by")),
        GuardRows("RiskReminder"),
        migrations.RunPython(add_schedule, remove_schedule),
    ]
