"""Experiments, runs, evaluations and metric definitions, with those that the product ships."""

from __future__ import annotations

import json
from importlib import resources
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

SCHEDULE = "Ask for evaluations that are due again"


def add_definitions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # This file never changes: what is shipped later comes in a file of its own.
    file = resources.files("registry.measures") / "definitions.v1.json"
    model = apps.get_model("registry", "MetricDefinition")
    for definition in json.loads(file.read_text(encoding="utf-8")):
        model.objects.get_or_create(
            workspace=None, name=definition.pop("name"), revision=1, defaults=definition
        )
    interval_model = apps.get_model("django_celery_beat", "IntervalSchedule")
    daily, _ = interval_model.objects.get_or_create(every=1, period="days")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=SCHEDULE,
        defaults={
            "task": "core.enqueue_task",
            "interval": daily,
            "kwargs": json.dumps({"name": "registry.request_reevaluations"}),
        },
    )


def remove_definitions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=SCHEDULE).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("registry", "0008_promotion_rules"),
        ("core", "0003_schedules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("method", models.CharField(max_length=500)),
                ("evaluators", core.fields.CanonicalJSONField()),
                ("metrics", core.fields.CanonicalJSONField()),
                ("keep_text", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting_rows", "Awaiting Rows"),
                            ("queued", "Queued"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                        ],
                        default="awaiting_rows",
                        max_length=13,
                    ),
                ),
                ("rows_format", models.CharField(max_length=5, null=True)),
                ("rows_digest", models.CharField(max_length=71, null=True)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("problems", core.fields.CanonicalJSONField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("finished_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "evaluates",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.task",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EvaluationRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("scores", core.fields.CanonicalJSONField()),
                (
                    "evaluation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="registry.evaluation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Experiment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=500)),
                ("hypothesis", models.TextField(blank=True)),
                ("artifact_location", models.CharField(blank=True, max_length=2000)),
                (
                    "lifecycle_stage",
                    models.CharField(
                        choices=[("active", "Active"), ("deleted", "Deleted")],
                        default="active",
                        max_length=7,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        related_name="experiments",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ExperimentTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("value", models.TextField(blank=True)),
                (
                    "experiment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="registry.experiment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ExperimentVerdict",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("supported", "Supported"),
                            ("refuted", "Refuted"),
                            ("inconclusive", "Inconclusive"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "experiment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="registry.experiment",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MetricDefinition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("revision", models.PositiveIntegerField()),
                ("is_current", models.BooleanField(default=True)),
                (
                    "evaluator_kind",
                    models.CharField(
                        choices=[
                            ("computed", "Computed"),
                            ("judged", "Judged"),
                            ("human", "Human"),
                            ("external", "External"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("higher", "Higher"), ("lower", "Lower"), ("none", "None")],
                        max_length=6,
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=50)),
                ("minimum", models.FloatField(null=True)),
                ("maximum", models.FloatField(null=True)),
                ("description", models.TextField()),
                ("source", models.CharField(blank=True, max_length=500)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
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
                        related_name="metric_definitions",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReevaluationRule",
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
                ("alias", models.CharField(blank=True, max_length=200)),
                ("thresholds", core.fields.CanonicalJSONField()),
                ("interval_days", models.PositiveIntegerField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reevaluation_rules",
                        to="registry.asset",
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.asset",
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
            name="ReevaluationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("causes", core.fields.CanonicalJSONField()),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="registry.reevaluationrule",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RowsChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="registry.evaluation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RowText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", core.fields.CanonicalJSONField()),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="text",
                        to="registry.evaluationrow",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=250)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("failed", "Failed"),
                            ("killed", "Killed"),
                        ],
                        default="running",
                        max_length=9,
                    ),
                ),
                (
                    "lifecycle_stage",
                    models.CharField(
                        choices=[("active", "Active"), ("deleted", "Deleted")],
                        default="active",
                        max_length=7,
                    ),
                ),
                ("artifact_location", models.CharField(blank=True, max_length=2000)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
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
                    "experiment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="registry.experiment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunInput",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=500)),
                ("digest", models.CharField(max_length=200)),
                ("context", models.CharField(blank=True, max_length=250)),
                ("source_type", models.CharField(blank=True, max_length=50)),
                ("source", models.TextField(blank=True)),
                ("schema", models.TextField(blank=True)),
                ("profile", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inputs",
                        to="registry.run",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="read_by_runs",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunLatestMetric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("step", models.BigIntegerField()),
                ("timestamp", models.BigIntegerField()),
                ("value", models.FloatField()),
                ("is_nan", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="latest_metrics",
                        to="registry.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunMetric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("step", models.BigIntegerField()),
                ("timestamp", models.BigIntegerField()),
                ("value", models.FloatField()),
                ("is_nan", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="metric_history",
                        to="registry.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunOutput",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.BigIntegerField(default=0)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outputs",
                        to="registry.run",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by_runs",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunParam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("value", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="params",
                        to="registry.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RunTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("value", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="registry.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="VerdictResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="registry.experimentverdict",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(fields=["workspace", "-id"], name="evaluations_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result__isnull", False), ("status", "succeeded")),
                    models.Q(
                        models.Q(("status", "succeeded"), _negated=True), ("result__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="evaluation_result_iff_succeeded",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluationrow",
            constraint=models.UniqueConstraint(
                fields=("evaluation", "number"), name="one_row_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluationrow",
            constraint=models.UniqueConstraint(
                fields=("evaluation", "key"), name="one_row_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="experiment",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"), name="one_experiment_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="experiment",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifecycle_stage__in", ["active", "deleted"])),
                name="experiment_lifecycle",
            ),
        ),
        migrations.AddConstraint(
            model_name="experimenttag",
            constraint=models.UniqueConstraint(
                fields=("experiment", "key"), name="one_experiment_tag"
            ),
        ),
        migrations.AddConstraint(
            model_name="experimentverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_experimentverdict_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="experimentverdict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("experiment",),
                name="one_verdict_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name", "revision"), name="one_definition_per_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("workspace__isnull", True)),
                fields=("name", "revision"),
                name="one_common_definition_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("workspace", "name"),
                name="one_current_definition",
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True), ("workspace__isnull", True)),
                fields=("name",),
                name="one_current_common_definition",
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum__isnull", True),
                    ("maximum__isnull", True),
                    ("minimum__lt", models.F("maximum")),
                    _connector="OR",
                ),
                name="metric_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="metricdefinition",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 1)), name="definition_revisions"
            ),
        ),
        migrations.AddConstraint(
            model_name="reevaluationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_reevaluationrule_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="reevaluationrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("asset", "alias", "dataset"),
                name="one_reevaluation_rule_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reevaluationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interval_days__isnull", True), ("interval_days__gte", 1), _connector="OR"
                ),
                name="reevaluation_interval",
            ),
        ),
        migrations.AddConstraint(
            model_name="reevaluationrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("rule",),
                name="one_open_reevaluation",
            ),
        ),
        migrations.AddConstraint(
            model_name="rowschunk",
            constraint=models.UniqueConstraint(
                fields=("evaluation", "number"), name="one_rows_chunk"
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["experiment", "-id"], name="runs_newest_first"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["experiment", "-started_at", "-id"], name="runs_by_start"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["scheduled", "running", "finished", "failed", "killed"])
                ),
                name="run_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifecycle_stage__in", ["active", "deleted"])),
                name="run_lifecycle",
            ),
        ),
        migrations.AddIndex(
            model_name="runinput",
            index=models.Index(fields=["name", "digest"], name="runs_by_dataset"),
        ),
        migrations.AddConstraint(
            model_name="runinput",
            constraint=models.UniqueConstraint(
                fields=("run", "name", "digest", "context"), name="one_run_input"
            ),
        ),
        migrations.AddIndex(
            model_name="runlatestmetric",
            index=models.Index(fields=["key", "value"], name="runs_by_metric"),
        ),
        migrations.AddConstraint(
            model_name="runlatestmetric",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="one_latest_run_metric"),
        ),
        migrations.AddConstraint(
            model_name="runmetric",
            constraint=models.UniqueConstraint(
                fields=("run", "key", "step", "timestamp", "is_nan", "value"), name="one_run_metric"
            ),
        ),
        migrations.AddConstraint(
            model_name="runoutput",
            constraint=models.UniqueConstraint(fields=("run", "version"), name="one_run_output"),
        ),
        migrations.AddConstraint(
            model_name="runparam",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="one_run_param"),
        ),
        migrations.AddConstraint(
            model_name="runtag",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="one_run_tag"),
        ),
        migrations.AddConstraint(
            model_name="verdictresult",
            constraint=models.UniqueConstraint(
                fields=("verdict", "version"), name="one_result_per_verdict"
            ),
        ),
        migrations.RunPython(add_definitions, remove_definitions),
        GuardRows("MetricDefinition", mutable=("is_current",)),
        GuardRows(
            "Experiment", mutable=("name", "artifact_location", "lifecycle_stage", "updated_at")
        ),
        GuardRows("ExperimentVerdict", once=("valid_to",)),
        GuardRows("VerdictResult"),
        GuardRows(
            "Run",
            mutable=(
                "name",
                "status",
                "lifecycle_stage",
                "artifact_location",
                "ended_at",
                "deleted_at",
            ),
        ),
        GuardRows("RunParam"),
        GuardRows("RunMetric"),
        GuardRows("RunInput"),
        GuardRows("RunOutput"),
        GuardRows(
            "Evaluation",
            mutable=("status", "row_count", "problems"),
            once=("task", "result", "finished_at", "rows_format", "rows_digest"),
        ),
        GuardRows("EvaluationRow"),
        GuardRows("ReevaluationRule", once=("valid_to",)),
        GuardRows("ReevaluationRequest", once=("closed_at", "closed_by", "result", "reason")),
    ]
