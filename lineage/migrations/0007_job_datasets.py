"""Which datasets each job reads and writes, and a short way to edges that have no job."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [
        ("lineage", "0006_growing_dataset_versions"),
        ("registry", "0017_emit_lineage"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobDataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job_key", models.CharField(max_length=64)),
                (
                    "role",
                    models.CharField(
                        choices=[("input", "Input"), ("output", "Output")], max_length=6
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="datasetedge",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("job__isnull", True)),
                fields=["source"],
                name="static_edges_downstream",
            ),
        ),
        migrations.AddIndex(
            model_name="datasetedge",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("job__isnull", True)),
                fields=["target"],
                name="static_edges_upstream",
            ),
        ),
        migrations.AddField(
            model_name="jobdataset",
            name="dataset",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="job_datasets",
                to="lineage.dataset",
            ),
        ),
        migrations.AddField(
            model_name="jobdataset",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="job_datasets",
                to="lineage.job",
            ),
        ),
        migrations.AddField(
            model_name="jobdataset",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="jobdataset",
            index=models.Index(fields=["dataset", "role", "job_key"], name="jobs_of_a_dataset"),
        ),
        migrations.AddIndex(
            model_name="jobdataset",
            index=models.Index(fields=["job_key", "role", "dataset"], name="datasets_of_a_job"),
        ),
        migrations.AddConstraint(
            model_name="jobdataset",
            constraint=models.UniqueConstraint(
                fields=("job", "dataset", "role"), name="one_row_per_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="jobdataset",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["input", "output"])), name="job_dataset_role"
            ),
        ),
        GuardRows("JobDataset"),
    ]
