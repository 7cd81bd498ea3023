"""Events of other systems, and what they tell: datasets, jobs, runs, edges and columns."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [
        ("lineage", "0004_relations"),
        ("registry", "0017_emit_lineage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("namespace", models.TextField()),
                ("name", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openlineage_datasets",
                        to="registry.asset",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("key", models.CharField(max_length=64)),
                ("namespace", models.TextField()),
                ("name", models.TextField()),
                (
                    "type",
                    models.CharField(
                        choices=[("BATCH", "Batch"), ("STREAM", "Stream"), ("SERVICE", "Service")],
                        default="BATCH",
                        max_length=7,
                    ),
                ),
                ("state", models.JSONField(default=dict)),
                ("event_time", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("deleted_at", models.DateTimeField(null=True)),
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
            name="ReceivedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("digest", models.CharField(max_length=71)),
                (
                    "kind",
                    models.CharField(
                        choices=[("RUN", "Run"), ("JOB", "Job"), ("DATASET", "Dataset")],
                        max_length=7,
                    ),
                ),
                ("event_type", models.CharField(blank=True, max_length=10)),
                ("event_time", models.DateTimeField()),
                ("run_id", models.UUIDField(null=True)),
                ("body", models.BinaryField()),
                ("warnings", models.JSONField(default=list)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "dataset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="lineage.job",
                    ),
                ),
                (
                    "received_by",
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
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run_id", models.UUIDField()),
                ("parent_run_id", models.UUIDField(db_index=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("NEW", "New"),
                            ("RUNNING", "Running"),
                            ("COMPLETED", "Completed"),
                            ("FAILED", "Failed"),
                            ("ABORTED", "Aborted"),
                        ],
                        default="NEW",
                        max_length=9,
                    ),
                ),
                ("state", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("nominal_start", models.DateTimeField(null=True)),
                ("nominal_end", models.DateTimeField(null=True)),
                ("event_time", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="lineage.job",
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
            name="DatasetEdge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("explicit", "Explicit"),
                            ("column", "Column"),
                            ("cartesian", "Cartesian"),
                        ],
                        max_length=9,
                    ),
                ),
                ("origin", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edges_out",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "source_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dataset_edges_out",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edges_in",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "target_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dataset_edges_in",
                        to="registry.assetversion",
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
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edges",
                        to="lineage.job",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edges",
                        to="lineage.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ColumnEdge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_field", models.TextField()),
                ("source_key", models.CharField(max_length=64)),
                ("target_field", models.TextField()),
                ("target_key", models.CharField(max_length=64)),
                ("transformations", models.JSONField(default=list)),
                ("origin", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="column_edges_out",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="column_edges_in",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="column_edges",
                        to="lineage.job",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="column_edges",
                        to="lineage.run",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="VersionLocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="located",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WorkspaceDataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.JSONField(default=dict)),
                ("event_time", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="lineage.dataset",
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
            name="DatasetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("external_version", models.TextField(blank=True)),
                ("body", models.JSONField(default=dict)),
                ("event_time", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dataset_versions",
                        to="lineage.run",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="lineage.workspacedataset",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DatasetAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=50)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="lineage.dataset",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alias_of",
                        to="lineage.dataset",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset", "other", "workspace"), name="one_alias_per_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dataset", models.F("other")), _negated=True),
                        name="no_alias_of_itself",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["workspace", "-id"], name="jobs_of_a_workspace"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                fields=("key", "workspace"), name="one_job_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["BATCH", "STREAM", "SERVICE"])),
                name="lineage_job_type",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedevent",
            index=models.Index(fields=["workspace", "-id"], name="received_of_a_workspace"),
        ),
        migrations.AddIndex(
            model_name="receivedevent",
            index=models.Index(fields=["workspace", "-event_time"], name="received_by_event_time"),
        ),
        migrations.AddIndex(
            model_name="receivedevent",
            index=models.Index(fields=["run_id", "id"], name="received_of_a_run"),
        ),
        migrations.AddConstraint(
            model_name="receivedevent",
            constraint=models.UniqueConstraint(
                fields=("digest", "workspace"), name="one_event_per_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["RUN", "JOB", "DATASET"])),
                name="received_event_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["job", "-event_time"], name="runs_of_a_job"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["workspace", "-id"], name="lineage_runs_of_a_workspace"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                fields=("run_id", "workspace"), name="one_run_per_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["NEW", "RUNNING", "COMPLETED", "FAILED", "ABORTED"])
                ),
                name="lineage_run_status",
            ),
        ),
        migrations.AddIndex(
            model_name="datasetedge",
            index=models.Index(fields=["source", "target"], name="dataset_edges_downstream"),
        ),
        migrations.AddIndex(
            model_name="datasetedge",
            index=models.Index(fields=["target", "source"], name="dataset_edges_upstream"),
        ),
        migrations.AddConstraint(
            model_name="datasetedge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("workspace", "origin", "source", "target"),
                name="one_open_edge_per_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetedge",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="no_dataset_to_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetedge",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["explicit", "column", "cartesian"])),
                name="dataset_edge_basis",
            ),
        ),
        migrations.AddIndex(
            model_name="columnedge",
            index=models.Index(fields=["source_key", "target_key"], name="column_edges_downstream"),
        ),
        migrations.AddIndex(
            model_name="columnedge",
            index=models.Index(fields=["target_key", "source_key"], name="column_edges_upstream"),
        ),
        migrations.AddConstraint(
            model_name="columnedge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("workspace", "origin", "source_key", "target_key"),
                name="one_open_column_edge_per_origin",
            ),
        ),
        migrations.AddIndex(
            model_name="versionlocation",
            index=models.Index(fields=["dataset", "created_at"], name="versions_at_a_location"),
        ),
        migrations.AddConstraint(
            model_name="versionlocation",
            constraint=models.UniqueConstraint(
                fields=("version", "dataset"), name="one_row_per_location"
            ),
        ),
        migrations.AddIndex(
            model_name="workspacedataset",
            index=models.Index(fields=["workspace", "-id"], name="datasets_of_a_workspace"),
        ),
        migrations.AddConstraint(
            model_name="workspacedataset",
            constraint=models.UniqueConstraint(
                fields=("dataset", "workspace"), name="one_observation_per_workspace"
            ),
        ),
        migrations.AddIndex(
            model_name="datasetversion",
            index=models.Index(fields=["observation", "-event_time"], name="versions_of_a_dataset"),
        ),
        GuardRows("ReceivedEvent"),
        GuardRows("DatasetVersion"),
        GuardRows("DatasetAlias"),
        GuardRows("VersionLocation"),
        GuardRows("DatasetEdge", once=("closed_at",)),
        GuardRows("ColumnEdge", once=("closed_at",)),
    ]
