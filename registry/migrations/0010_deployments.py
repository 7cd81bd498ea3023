"""Deployments, their states, serving windows and thresholds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.ids
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SCHEDULES = {
    "Delete production samples whose time is over": "registry.purge_samples",
    "Hold deployments against their thresholds": "registry.evaluate_thresholds",
    "Compare what deployments serve with its baselines": "registry.measure_drift",
}


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
    names = list(SCHEDULES)
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=names).delete()


class Migration(core.tables.Migration):
    dependencies = [("registry", "0009_evaluations")]

    operations = [
        migrations.CreateModel(
            name="Deployment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("last_number", models.PositiveIntegerField(default=0)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeploymentRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("endpoint", models.CharField(blank=True, max_length=2000)),
                ("owner_contact", models.CharField(blank=True, max_length=200)),
                ("configuration", core.fields.CanonicalJSONField()),
                ("digest", models.CharField(max_length=71)),
                ("reason", models.TextField(blank=True)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applied_in",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="registry.deployment",
                    ),
                ),
                (
                    "equals",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought_back_by",
                        to="registry.deploymentrevision",
                    ),
                ),
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
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeploymentMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("traffic", models.PositiveSmallIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployed_in",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="registry.deploymentrevision",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeploymentState",
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
                    "aspect",
                    models.CharField(
                        choices=[("desired", "Desired"), ("actual", "Actual")], max_length=7
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("deploying", "Deploying"),
                            ("running", "Running"),
                            ("degraded", "Degraded"),
                            ("stopped", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="registry.deployment",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="registry.deploymentrevision",
                    ),
                ),
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
            },
        ),
        migrations.CreateModel(
            name="DriftBaseline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("feature", models.CharField(max_length=200)),
                (
                    "form",
                    models.CharField(
                        choices=[("numeric", "Numeric"), ("categorical", "Categorical")],
                        max_length=11,
                    ),
                ),
                ("body", core.fields.CanonicalJSONField()),
                ("digest", models.CharField(max_length=71)),
                ("size", models.PositiveIntegerField()),
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
                    "dataset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baselines",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baselines",
                        to="registry.deployment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DriftCheck",
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
                (
                    "method",
                    models.CharField(
                        choices=[("psi", "Psi"), ("ks", "Ks"), ("js", "Js"), ("own", "Own")],
                        max_length=3,
                    ),
                ),
                ("evaluator", models.CharField(blank=True, max_length=200)),
                ("bound", models.FloatField()),
                ("window_hours", models.PositiveIntegerField()),
                ("every_hours", models.PositiveIntegerField()),
                ("least_samples", models.PositiveIntegerField()),
                (
                    "baseline",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="registry.driftbaseline",
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drift_checks",
                        to="registry.deployment",
                    ),
                ),
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
            },
        ),
        migrations.CreateModel(
            name="DriftResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("window_start", models.DateTimeField()),
                ("window_end", models.DateTimeField()),
                ("samples", models.PositiveIntegerField()),
                ("value", models.FloatField(null=True)),
                ("is_drifted", models.BooleanField(null=True)),
                ("detail", core.fields.CanonicalJSONField(default=dict)),
                (
                    "measured_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "check_rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="registry.driftcheck",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ProductionSample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("source", models.CharField(max_length=100)),
                ("external_id", models.CharField(max_length=200)),
                ("occurred_at", models.DateTimeField()),
                ("features", core.fields.CanonicalJSONField(default=dict)),
                ("input_text", models.TextField(blank=True)),
                ("output_text", models.TextField(blank=True)),
                ("has_personal_data", models.BooleanField()),
                ("personal_data", models.JSONField(default=list)),
                ("retain_until", models.DateTimeField()),
                (
                    "reported_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="registry.deployment",
                    ),
                ),
                (
                    "reported_by",
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
                        related_name="samples",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ServingWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("source", models.CharField(max_length=100)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("requests", models.BigIntegerField()),
                ("errors", models.BigIntegerField(default=0)),
                ("tokens_in", models.BigIntegerField(default=0)),
                ("tokens_out", models.BigIntegerField(default=0)),
                ("cost_nano", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("latency_p50", models.FloatField(null=True)),
                ("latency_p95", models.FloatField(null=True)),
                ("latency_p99", models.FloatField(null=True)),
                ("latency_histogram", core.fields.CanonicalJSONField(null=True)),
                ("digest", models.CharField(max_length=71)),
                (
                    "reported_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="registry.deployment",
                    ),
                ),
                (
                    "reported_by",
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
                        related_name="windows",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ThresholdRule",
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
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("cost", "Cost"),
                            ("error_rate", "Error Rate"),
                            ("latency_p95", "Latency P95"),
                            ("block_rate", "Block Rate"),
                            ("quality", "Quality"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("hour", "Hour"), ("day", "Day"), ("month", "Month")], max_length=5
                    ),
                ),
                ("bound", models.CharField(max_length=40)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("metric", models.CharField(blank=True, max_length=200)),
                ("evaluator", models.CharField(blank=True, max_length=200)),
                (
                    "effect",
                    models.CharField(
                        choices=[("report", "Report"), ("deny", "Deny")], max_length=6
                    ),
                ),
                ("severity", models.CharField(max_length=8)),
                ("reason", models.TextField(blank=True)),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thresholds",
                        to="registry.deployment",
                    ),
                ),
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
            },
        ),
        migrations.CreateModel(
            name="ThresholdBreach",
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
                ("period_start", models.DateTimeField()),
                ("value", models.CharField(max_length=40)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breaches",
                        to="registry.thresholdrule",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "threshold breaches",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WindowBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("input", "Input"), ("output", "Output")], max_length=6
                    ),
                ),
                ("category", models.CharField(max_length=200)),
                ("count", models.BigIntegerField()),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blocks",
                        to="registry.servingwindow",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WindowQuality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("evaluator", models.CharField(max_length=200)),
                ("value", models.FloatField()),
                ("samples", models.BigIntegerField()),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualities",
                        to="registry.servingwindow",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"), name="one_deployment_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentrevision",
            constraint=models.UniqueConstraint(
                fields=("deployment", "number"), name="one_deployment_revision_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="deployment_revisions_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentmember",
            constraint=models.UniqueConstraint(
                fields=("revision", "version"), name="one_share_per_version_and_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("traffic__lte", 100)), name="traffic_is_percent"
            ),
        ),
        migrations.AddIndex(
            model_name="deploymentstate",
            index=models.Index(fields=["deployment", "aspect", "-id"], name="states_of_deployment"),
        ),
        migrations.AddConstraint(
            model_name="deploymentstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_deploymentstate_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("aspect", "desired"), ("state__in", ["running", "stopped"])),
                    models.Q(
                        ("aspect", "actual"),
                        (
                            "state__in",
                            ["requested", "deploying", "running", "degraded", "stopped", "failed"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="deployment_state_of_aspect",
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aspect", "desired"), ("valid_to__isnull", True)),
                fields=("deployment",),
                name="one_desired_state_per_deployment",
            ),
        ),
        migrations.AddConstraint(
            model_name="deploymentstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aspect", "actual"), ("valid_to__isnull", True)),
                fields=("revision",),
                name="one_actual_state_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="driftbaseline",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["numeric", "categorical"])), name="baseline_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="driftcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_driftcheck_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="driftcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("deployment", "name"),
                name="one_open_drift_check_per_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="driftcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("baseline__isnull", True),
                        ("method", "own"),
                        models.Q(("evaluator", ""), _negated=True),
                    ),
                    models.Q(
                        ("evaluator", ""),
                        ("method__in", ["psi", "ks", "js"]),
                        ("baseline__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="drift_check_has_baseline_or_evaluator",
            ),
        ),
        migrations.AddIndex(
            model_name="driftresult",
            index=models.Index(fields=["check_rule", "-id"], name="drift_results_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="driftresult",
            constraint=models.UniqueConstraint(
                fields=("check_rule", "window_end"), name="one_drift_result_per_window"
            ),
        ),
        migrations.AddConstraint(
            model_name="driftresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_drifted__isnull", True), ("value__isnull", True)),
                    models.Q(("is_drifted__isnull", False), ("value__isnull", False)),
                    _connector="OR",
                ),
                name="drift_is_told_iff_measured",
            ),
        ),
        migrations.AddIndex(
            model_name="productionsample",
            index=models.Index(fields=["deployment", "occurred_at"], name="samples_of_deployment"),
        ),
        migrations.AddIndex(
            model_name="productionsample",
            index=models.Index(fields=["retain_until"], name="samples_by_retention"),
        ),
        migrations.AddConstraint(
            model_name="productionsample",
            constraint=models.UniqueConstraint(
                fields=("deployment", "source", "external_id"), name="one_sample_per_external_id"
            ),
        ),
        migrations.AddIndex(
            model_name="servingwindow",
            index=models.Index(fields=["deployment", "start"], name="windows_of_deployment"),
        ),
        migrations.AddIndex(
            model_name="servingwindow",
            index=models.Index(fields=["version", "start"], name="windows_of_version"),
        ),
        migrations.AddConstraint(
            model_name="servingwindow",
            constraint=models.UniqueConstraint(
                fields=("deployment", "source", "version", "start", "end"),
                name="one_window_per_source_and_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="servingwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gt", models.F("start"))), name="window_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="servingwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("errors__gte", 0),
                    ("requests__gte", 0),
                    ("tokens_in__gte", 0),
                    ("tokens_out__gte", 0),
                    ("errors__lte", models.F("requests")),
                ),
                name="window_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="servingwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost_nano__isnull", True), ("currency", "")),
                    models.Q(("cost_nano__gte", 0), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="window_cost_has_a_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_thresholdrule_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("deployment", "name"),
                name="one_open_threshold_per_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("measure", "cost"), models.Q(("currency", ""), _negated=True)),
                    models.Q(models.Q(("measure", "cost"), _negated=True), ("currency", "")),
                    _connector="OR",
                ),
                name="threshold_of_cost_has_a_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("measure", "quality"),
                        models.Q(("metric", ""), _negated=True),
                        models.Q(("evaluator", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("measure", "quality"), _negated=True),
                        ("evaluator", ""),
                        ("metric", ""),
                    ),
                    _connector="OR",
                ),
                name="threshold_of_quality_names_metric_and_evaluator",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["low", "medium", "high", "critical"])),
                name="threshold_severity",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("effect__in", ["report", "deny"])), name="threshold_effect"
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdbreach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_thresholdbreach_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdbreach",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("rule",),
                name="one_open_breach_per_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="windowblock",
            constraint=models.UniqueConstraint(
                fields=("window", "side", "category"), name="one_count_per_side_and_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="windowblock",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 0), ("side__in", ["input", "output"])),
                name="window_block",
            ),
        ),
        migrations.AddConstraint(
            model_name="windowquality",
            constraint=models.UniqueConstraint(
                fields=("window", "name", "evaluator"), name="one_quality_per_evaluator"
            ),
        ),
        migrations.AddConstraint(
            model_name="windowquality",
            constraint=models.CheckConstraint(
                condition=models.Q(("samples__gte", 1)), name="window_quality_samples"
            ),
        ),
        migrations.AddConstraint(
            model_name="windowquality",
            constraint=models.CheckConstraint(
                condition=models.Q(("evaluator", ""), _negated=True),
                name="window_quality_names_its_evaluator",
            ),
        ),
        GuardRows("Deployment", mutable=("last_number",)),
        GuardRows("DeploymentRevision"),
        GuardRows("DeploymentMember"),
        GuardRows("DeploymentState", once=("valid_to",)),
        GuardRows("ServingWindow"),
        GuardRows("WindowBlock"),
        GuardRows("WindowQuality"),
        GuardRows("ProductionSample", deletable=True),
        GuardRows("ThresholdRule", once=("valid_to",)),
        GuardRows("ThresholdBreach", once=("valid_to",)),
        GuardRows("DriftBaseline"),
        GuardRows("DriftCheck", once=("valid_to",)),
        GuardRows("DriftResult"),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
