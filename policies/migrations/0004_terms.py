"""Limits, overrides and roll-out of assignments, attestations, what-ifs, and warnings of expiry.

Whether an assignment is enforced becomes a fact of its own; an exemption covers any of the rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

import core.fields
import core.ids
import core.tables
from core.guards import GuardRows, UnguardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EXEMPTION_ONCE = ("approved_by", "approved_at", "valid_to", "ended_by")
SCHEDULES = {
    "Warn of exemptions and attestations that expire": "policies.warn_of_expiry",
    "Forget what-ifs whose time is over": "policies.forget_what_ifs",
}


def move_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    assignments: Any = apps.get_model("policies", "Assignment").objects
    enforcements = apps.get_model("policies", "AssignmentEnforcement").objects
    enforcements.bulk_create(
        enforcements.model(
            assignment=assignment,
            is_enforced=assignment.is_enforced,
            set_by_id=assignment.assigned_by_id,
            valid_from=assignment.valid_from,
        )
        for assignment in assignments.order_by("id")
    )
    exemptions: Any = apps.get_model("policies", "Exemption").objects
    exemptions.update(owner=F("requested_by"))
    for exemption in exemptions.exclude(reference_id=""):
        exemptions.filter(pk=exemption.pk).update(reference_ids=[exemption.reference_id])
    # PostgreSQL alters no table for which the check of a foreign key is still to come.
    schema_editor.connection.check_constraints()


def move_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An exemption of several rules becomes one of the first: never one of more than there was."""
    assignments: Any = apps.get_model("policies", "Assignment").objects
    enforcements = apps.get_model("policies", "AssignmentEnforcement").objects
    for enforcement in enforcements.filter(valid_to__isnull=True):
        # A part of the workspaces cannot be told there: it is enforced in all of them.
        assignments.filter(pk=enforcement.assignment_id).update(is_enforced=enforcement.is_enforced)
    exemptions: Any = apps.get_model("policies", "Exemption").objects
    for exemption in exemptions.all():
        if exemption.reference_ids:
            first = exemption.reference_ids[0]
            exemptions.filter(pk=exemption.pk).update(reference_id=first)
    schema_editor.connection.check_constraints()


def add_schedules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    interval_model = apps.get_model("django_celery_beat", "IntervalSchedule")
    hourly, _ = interval_model.objects.get_or_create(every=1, period="hours")
    for name, task in SCHEDULES.items():
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=name,
            defaults={
                "task": "core.enqueue_task",
                "interval": hourly,
                "kwargs": json.dumps({"name": task}),
            },
        )


def remove_schedules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("django_celery_beat", "PeriodicTask").objects
    rows.filter(name__in=SCHEDULES).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("core", "0004_idempotent_requests"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("policies", "0003_fixtures"),
        ("registry", "0017_emit_lineage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentEnforcement",
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
                ("is_enforced", models.BooleanField()),
                ("percent", models.PositiveSmallIntegerField(default=100)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Attestation",
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
                ("reference_id", models.CharField(blank=True, max_length=200)),
                ("asset", models.CharField(blank=True, max_length=250)),
                (
                    "state",
                    models.CharField(
                        choices=[("compliant", "Compliant"), ("non_compliant", "Non Compliant")],
                        max_length=13,
                    ),
                ),
                ("comments", models.TextField(blank=True)),
                ("assessed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AttestationEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("uri", models.CharField(blank=True, max_length=2000)),
                ("digest", models.CharField(blank=True, max_length=71)),
                ("size", models.BigIntegerField(null=True)),
                ("media_type", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ExpiryWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "warned_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("terms", core.fields.CanonicalJSONField()),
                ("as_of", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("done", models.JSONField(default=dict)),
                ("counts", models.JSONField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WhatIfResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_id", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("configuration", "Configuration"), ("promotion", "Promotion")],
                        max_length=13,
                    ),
                ),
                ("subject", models.CharField(max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pass", "pass"),
                            ("fail", "fail"),
                            ("unknown", "unknown"),
                            ("not_applicable", "not_applicable"),
                            ("error", "error"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "would",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse"),
                            ("hold", "Hold"),
                            ("modify", "Modify"),
                            ("warn", "Warn"),
                            ("record", "Record"),
                            ("nothing", "Nothing"),
                        ],
                        max_length=7,
                    ),
                ),
                ("severity", models.CharField(max_length=8)),
                ("findings", models.JSONField(default=list)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="assignmentenforcement",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enforcements",
                to="policies.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignmentenforcement",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attestations",
                to="policies.assignment",
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="attested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="resource",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attestations",
                to="policies.resource",
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policy_attestations",
                to="registry.workspace",
            ),
        ),
        migrations.AddField(
            model_name="attestationevidence",
            name="attestation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="policies.attestation",
            ),
        ),
        migrations.AddField(
            model_name="attestationevidence",
            name="blob",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attestation_evidence",
                to="registry.blob",
            ),
        ),
        migrations.AddField(
            model_name="expirywarning",
            name="attestation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="expiry_warnings",
                to="policies.attestation",
            ),
        ),
        migrations.AddField(
            model_name="expirywarning",
            name="exemption",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="expiry_warnings",
                to="policies.exemption",
            ),
        ),
        migrations.AddField(
            model_name="whatif",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="whatif",
            name="task",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="what_if", to="core.task"
            ),
        ),
        migrations.AddField(
            model_name="whatifresult",
            name="policy_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="policies.policyversion",
            ),
        ),
        migrations.AddField(
            model_name="whatifresult",
            name="resource",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="policies.resource",
            ),
        ),
        migrations.AddField(
            model_name="whatifresult",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.assetversion",
            ),
        ),
        migrations.AddField(
            model_name="whatifresult",
            name="what_if",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="results",
                to="policies.whatif",
            ),
        ),
        migrations.AddField(
            model_name="whatifresult",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentenforcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="policies_assignmentenforcement_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentenforcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                name="enforcement_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignmentenforcement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("assignment",),
                name="one_enforcement_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="attestation",
            index=models.Index(fields=["workspace", "-id"], name="attestations_of_workspace"),
        ),
        migrations.AddIndex(
            model_name="attestation",
            index=models.Index(
                fields=["assignment", "workspace"], name="attestations_of_assignment"
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="policies_attestation_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("valid_from"))),
                name="attestation_expires_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(("assessed_at__lte", models.F("valid_from"))),
                name="attestation_assessed_before",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(("resource__isnull", True), ("asset", ""), _connector="OR"),
                name="attestation_of_resource_or_asset",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["compliant", "non_compliant"])),
                name="attestation_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="attestationevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blob__isnull", True),
                        ("digest", ""),
                        ("size__isnull", True),
                        models.Q(("uri", ""), _negated=True),
                    ),
                    models.Q(
                        ("blob__isnull", False),
                        ("size__isnull", False),
                        ("uri", ""),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_is_address_or_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="expirywarning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attestation__isnull", True), ("exemption__isnull", False)),
                    models.Q(("attestation__isnull", False), ("exemption__isnull", True)),
                    _connector="OR",
                ),
                name="warning_of_exemption_or_attestation",
            ),
        ),
        migrations.AddConstraint(
            model_name="expirywarning",
            constraint=models.UniqueConstraint(
                fields=("exemption", "days"), name="one_warning_of_exemption"
            ),
        ),
        migrations.AddConstraint(
            model_name="expirywarning",
            constraint=models.UniqueConstraint(
                fields=("attestation", "days"), name="one_warning_of_attestation"
            ),
        ),
        migrations.AddConstraint(
            model_name="whatif",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at__isnull", True), ("counts__isnull", True)),
                    models.Q(("completed_at__isnull", False), ("counts__isnull", False)),
                    _connector="OR",
                ),
                name="what_if_counts_iff_completed",
            ),
        ),
        migrations.AddIndex(
            model_name="whatifresult",
            index=models.Index(fields=["what_if", "would", "id"], name="what_if_results_by_would"),
        ),
        migrations.AddIndex(
            model_name="whatifresult",
            index=models.Index(
                fields=["what_if", "workspace"], name="what_if_results_by_workspace"
            ),
        ),
        UnguardRows("Assignment", once=("valid_to", "ended_by")),
        UnguardRows("Exemption", once=EXEMPTION_ONCE),
        UnguardRows("Decision"),
        migrations.AddField(
            model_name="assignment",
            name="kinds",
            field=core.fields.CanonicalJSONField(default=list),
        ),
        migrations.AddField(
            model_name="assignment",
            name="overrides",
            field=core.fields.CanonicalJSONField(default=dict),
        ),
        migrations.AddField(
            model_name="assignment",
            name="tags",
            field=core.fields.CanonicalJSONField(default=dict),
        ),
        migrations.AddField(
            model_name="decision",
            name="answer_key",
            field=models.CharField(db_index=True, max_length=71, null=True),
        ),
        migrations.AddField(
            model_name="exemption",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exemption",
            name="reference_ids",
            field=core.fields.CanonicalJSONField(default=list),
        ),
        migrations.AddField(
            model_name="exemption",
            name="ticket",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="decision",
            name="attestation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="policies.attestation",
            ),
        ),
        migrations.RunPython(move_over, move_back),
        migrations.RemoveField(
            model_name="assignment",
            name="is_enforced",
        ),
        migrations.RemoveField(
            model_name="exemption",
            name="reference_id",
        ),
        migrations.AlterField(
            model_name="exemption",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_effect",
        ),
        migrations.AlterField(
            model_name="assignment",
            name="effect",
            field=models.CharField(
                choices=[
                    ("disabled", "Disabled"),
                    ("audit", "Audit"),
                    ("warn", "Warn"),
                    ("modify", "Modify"),
                    ("manual", "Manual"),
                    ("require_approval", "Require Approval"),
                    ("deny", "Deny"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "effect__in",
                        [
                            "disabled",
                            "audit",
                            "warn",
                            "modify",
                            "manual",
                            "require_approval",
                            "deny",
                        ],
                    )
                ),
                name="assignment_effect",
            ),
        ),
        GuardRows("Assignment", once=("valid_to", "ended_by")),
        GuardRows("AssignmentEnforcement", once=("valid_to",)),
        GuardRows("Exemption", once=EXEMPTION_ONCE),
        GuardRows("Decision"),
        GuardRows("Attestation", once=("valid_to", "ended_by")),
        GuardRows("AttestationEvidence"),
        GuardRows("ExpiryWarning"),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
