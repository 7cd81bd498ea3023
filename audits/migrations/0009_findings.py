"""What people decide about findings, how findings went, and schedules of scans."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.state import ProjectState

import core.ids
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NIGHTLY = "Scan the organisation every night"
FOLLOWED = (
    "first_seen_at",
    "severity",
    "state",
    "resolution",
    "last_seen_at",
    "resolved_at",
    "regressions",
    "latest_result",
    "latest_sighting",
)
BATCH = 500


def guard_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back, SQLite loses the guard with the table that it rebuilds."""
    guard, state = GuardRows("Finding", mutable=FOLLOWED), ProjectState.from_apps(apps)
    guard.database_forwards("audits", schema_editor, state, state)


def tell_openings(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of each finding since when it stands: of one that came back nobody wrote down when, and
    its last sight is what is known for sure."""
    findings = apps.get_model("audits", "Finding").objects
    findings.filter(regressions=0).update(opened_at=models.F("first_seen_at"))
    findings.filter(regressions__gt=0).update(opened_at=models.F("last_seen_at"))


def tell_transitions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write down what is known of how findings went: that they opened, and how they stand."""
    findings = apps.get_model("audits", "Finding").objects.order_by("pk")
    transition = apps.get_model("audits", "FindingTransition")

    def rows() -> Iterator[Any]:
        for finding in findings.iterator(chunk_size=BATCH):
            told = {"finding": finding, "severity": finding.severity}
            yield transition(
                at=finding.first_seen_at,
                state="open",
                opened_at=finding.first_seen_at,
                **told,
            )
            if finding.state != "open":
                yield transition(
                    at=finding.resolved_at or finding.last_seen_at,
                    was_state="open",
                    was_severity=finding.severity,
                    state=finding.state,
                    resolution=finding.resolution,
                    opened_at=finding.opened_at,
                    **told,
                )

    transition.objects.bulk_create(rows(), batch_size=BATCH)


def adopt_nightly(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the nightly scan one of the schedules."""
    row = apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NIGHTLY).first()
    if row is None:
        return
    schedule = apps.get_model("audits", "ScanSchedule").objects.create(
        name=NIGHTLY, scope="organisation", row=row
    )
    payload = {"schedule": str(schedule.uuid)}
    row.kwargs = json.dumps({"name": "audits.scan_on_schedule", "payload": payload})
    row.save(update_fields=["kwargs"])


def release_nightly(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    kwargs = json.dumps({"name": "audits.scan_organisation"})
    rows = apps.get_model("django_celery_beat", "PeriodicTask").objects
    rows.filter(name=NIGHTLY).update(kwargs=kwargs)
    rows.filter(kwargs__contains="audits.scan_on_schedule").delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("audits", "0008_retention"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("policies", "0006_fleet"),
        ("registry", "0018_triage_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DueRule",
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
                ("critical", models.PositiveIntegerField(null=True)),
                ("high", models.PositiveIntegerField(null=True)),
                ("medium", models.PositiveIntegerField(null=True)),
                ("low", models.PositiveIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FindingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "field",
                    models.CharField(
                        choices=[("owner", "Owner"), ("due", "Due"), ("ticket", "Ticket")],
                        max_length=6,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("ticket", models.CharField(blank=True, max_length=500)),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FindingComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("commitment", models.CharField(max_length=71)),
                ("redacted_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FindingTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("was_state", models.CharField(blank=True, max_length=8)),
                ("was_severity", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("exempt", "Exempt"), ("resolved", "Resolved")],
                        max_length=8,
                    ),
                ),
                ("severity", models.CharField(max_length=8)),
                ("resolution", models.CharField(blank=True, max_length=14)),
                ("opened_at", models.DateTimeField()),
                ("entry_seq", models.BigIntegerField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FindingTriage",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="triage",
                        serialize=False,
                        to="audits.finding",
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_set_at", models.DateTimeField(null=True)),
                ("ticket", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ScanSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=150)),
                (
                    "scope",
                    models.CharField(
                        choices=[("organisation", "Organisation"), ("workspaces", "Workspaces")],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="duerule",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="duerule",
            name="workspace",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due_rules",
                to="registry.workspace",
            ),
        ),
        migrations.AddField(
            model_name="findingchange",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findingchange",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="audits.finding",
            ),
        ),
        migrations.AddField(
            model_name="findingchange",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="FindingCommentText",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="audits.findingcomment",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
                ("text", models.TextField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="findingcomment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findingcomment",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="audits.finding",
            ),
        ),
        migrations.AddField(
            model_name="findingcomment",
            name="redacted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="findingtransition",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transitions",
                to="audits.finding",
            ),
        ),
        migrations.AddField(
            model_name="findingtransition",
            name="scan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transitions",
                to="audits.scan",
            ),
        ),
        migrations.AddField(
            model_name="findingtriage",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scanschedule",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scanschedule",
            name="row",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="scan_schedule",
                to="django_celery_beat.periodictask",
            ),
        ),
        migrations.AddField(
            model_name="scanschedule",
            name="workspaces",
            field=models.ManyToManyField(related_name="scan_schedules", to="registry.workspace"),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="audits_duerule_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce("workspace", 0),
                condition=models.Q(("valid_to__isnull", True)),
                name="one_open_due_rule_per_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("critical__isnull", True),
                    models.Q(("critical__gte", 1), ("critical__lte", 3650)),
                    _connector="OR",
                ),
                name="due_rule_critical_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("high__isnull", True),
                    models.Q(("high__gte", 1), ("high__lte", 3650)),
                    _connector="OR",
                ),
                name="due_rule_high_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("medium__isnull", True),
                    models.Q(("medium__gte", 1), ("medium__lte", 3650)),
                    _connector="OR",
                ),
                name="due_rule_medium_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="duerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("low__isnull", True),
                    models.Q(("low__gte", 1), ("low__lte", 3650)),
                    _connector="OR",
                ),
                name="due_rule_low_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingchange",
            constraint=models.UniqueConstraint(
                fields=("finding", "revision", "field"), name="one_change_per_field_and_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", True), ("field", "owner"), ("ticket", "")),
                    models.Q(("field", "due"), ("owner__isnull", True), ("ticket", "")),
                    models.Q(
                        ("due_at__isnull", True), ("field", "ticket"), ("owner__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="finding_change_of_one_field",
            ),
        ),
        migrations.AddIndex(
            model_name="findingcomment",
            index=models.Index(fields=["finding", "id"], name="comments_of_finding"),
        ),
        migrations.AddConstraint(
            model_name="findingcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                    models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                    _connector="OR",
                ),
                name="finding_comment_is_redacted_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="findingtransition",
            index=models.Index(fields=["finding", "id"], name="transitions_of_finding"),
        ),
        migrations.AddIndex(
            model_name="findingtransition",
            index=models.Index(fields=["at"], name="transitions_in_time"),
        ),
        migrations.AddConstraint(
            model_name="findingtransition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "exempt", "resolved"])),
                name="transition_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingtransition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("was_state", ""), ("was_severity", "")),
                    models.Q(
                        ("was_state__in", ["open", "exempt", "resolved"]),
                        models.Q(("was_severity", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="transition_from_a_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingtransition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "resolved"), models.Q(("resolution", ""), _negated=True)),
                    models.Q(models.Q(("state", "resolved"), _negated=True), ("resolution", "")),
                    _connector="OR",
                ),
                name="transition_resolution_iff_resolved",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingtransition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scan__isnull", True), ("entry_seq__isnull", True), _connector="OR"
                ),
                name="transition_by_scan_or_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingtriage",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 1)), name="triage_revisions_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingtriage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", True), ("due_set_at__isnull", True)),
                    models.Q(("due_at__isnull", False), ("due_set_at__isnull", False)),
                    _connector="OR",
                ),
                name="triage_due_was_set",
            ),
        ),
        migrations.AddConstraint(
            model_name="scanschedule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("name",),
                name="one_scan_schedule_per_name",
            ),
        ),
        GuardRows("DueRule", once=("valid_to",)),
        GuardRows("FindingChange"),
        GuardRows("FindingComment", once=("redacted_at", "redacted_by")),
        GuardRows("FindingCommentText", deletable=True),
        GuardRows("FindingTransition"),
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            model_name="finding",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(tell_openings, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="finding",
            name="opened_at",
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["state", "opened_at"], name="findings_by_age"),
        ),
        GuardRows("Finding", mutable=("opened_at", *FOLLOWED)),
        migrations.RunPython(tell_transitions, migrations.RunPython.noop),
        migrations.RunPython(adopt_nightly, release_nightly),
    ]
