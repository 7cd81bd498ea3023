"""Namespaces by workspace, and short ways to what is named in one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Max, Min

import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MANY = 2_000
HEAD = 200


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give what is there its keys, and each workspace its namespaces."""

    def models_of(name: str) -> Any:
        return apps.get_model("lineage", name)

    for rows in _many(models_of("Dataset").objects.only("namespace", "name")):
        for row in rows:
            row.namespace_key, row.name_head = _key(row.namespace), row.name[:HEAD]
        models_of("Dataset").objects.bulk_update(rows, ["namespace_key", "name_head"])
    for rows in _many(models_of("Job").objects.only("namespace")):
        for row in rows:
            row.namespace_key = _key(row.namespace)
        models_of("Job").objects.bulk_update(rows, ["namespace_key"])
    told = models_of("WorkspaceNamespace")
    for of, model, column in (
        ("datasets", "WorkspaceDataset", "dataset__namespace"),
        ("jobs", "Job", "namespace"),
    ):
        named = models_of(model).objects.order_by().values_list("workspace_id", column)
        told.objects.bulk_create(
            told(
                workspace_id=workspace,
                of=of,
                key=_key(name),
                name=name,
                recorded_at=first,
                updated_at=last,
            )
            for workspace, name, first, last in named.annotate(
                Min("recorded_at"), Max("updated_at")
            )
        )
    if schema_editor.connection.vendor == "postgresql":
        # The next step alters the tables: no check of these rows may be left to the commit.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _many(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:MANY]):
        yield found
        last = found[-1].pk


def _key(namespace: str) -> str:
    return hashlib.sha256(namespace.encode()).hexdigest()


class Migration(core.tables.Migration):
    dependencies = [
        ("lineage", "0007_job_datasets"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkspaceNamespace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("datasets", "Datasets"), ("jobs", "Jobs")], max_length=8
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("name", models.TextField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        fields=("key", "of", "workspace"), name="one_row_per_namespace"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ["datasets", "jobs"])),
                        name="namespace_of_what",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="namespace_key",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dataset",
            name="name_head",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="job",
            name="namespace_key",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="dataset",
            index=models.Index(
                fields=["namespace_key", "name_head", "id"], name="datasets_of_a_namespace"
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["-event_time", "-id"], name="lineage_jobs_by_event_time"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                fields=["namespace_key", "-event_time", "-id"], name="jobs_of_a_namespace"
            ),
        ),
        GuardRows("WorkspaceNamespace", mutable=("updated_at",)),
    ]
