"""The catalogue's projection with its full text, requests for access, discoverable workspaces."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from core.guards import GuardRows
from registry.full_text import catalogue_text_table


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0012_mlflow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CatalogueEntry",
            fields=[
                (
                    "asset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="catalogue_entry",
                        serialize=False,
                        to="registry.asset",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("model", "Model"),
                            ("prompt", "Prompt"),
                            ("dataset", "Dataset"),
                            ("result", "Experiment result"),
                            ("flow", "Flow"),
                            ("index", "Index"),
                            ("tool", "Tool"),
                            ("agent", "Agent"),
                            ("connection", "Connection"),
                            ("application", "Application"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("name_words", models.TextField(blank=True)),
                ("summary", models.TextField(blank=True)),
                ("prose", models.TextField(blank=True)),
                ("task", models.CharField(blank=True, max_length=200)),
                ("provider", models.CharField(blank=True, max_length=200)),
                ("license", models.CharField(blank=True, max_length=200)),
                ("risk_tier", models.CharField(blank=True, max_length=200)),
                ("source_type", models.CharField(blank=True, max_length=200)),
                ("parameters", models.BigIntegerField(null=True)),
                ("context_length", models.BigIntegerField(null=True)),
                ("price", models.DecimalField(decimal_places=12, max_digits=24, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("card_status", models.CharField(blank=True, max_length=20)),
                ("lifecycle", models.CharField(max_length=10)),
                ("scan_verdict", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("as_of_seq", models.BigIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "catalogue entries",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="workspace",
            name="is_discoverable",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="CatalogueText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="registry.catalogueentry",
                    ),
                ),
                ("everything", models.TextField(db_column="registry_cataloguetext")),
            ],
            options={
                "db_table": "registry_cataloguetext",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="registry.workspace",
            ),
        ),
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "reader"),
                            ("author", "author"),
                            ("approver", "approver"),
                            ("deployer", "deployer"),
                            ("auditor", "auditor"),
                            ("admin", "admin"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "requested_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("granted", "Granted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.asset",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grant",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_request",
                        to="registry.grant",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CatalogueLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("tag", "Tag"),
                            ("alias", "Alias"),
                            ("modality", "Modality"),
                            ("former_name", "Former Name"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value", models.CharField(max_length=451)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="registry.catalogueentry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CatalogueMetric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("evaluator", models.CharField(blank=True, max_length=200)),
                ("value", models.FloatField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metrics",
                        to="registry.catalogueentry",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["name", "asset"], name="catalogue_by_name"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["-updated_at", "-asset"], name="catalogue_freshest_first"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["-created_at", "-asset"], name="catalogue_newest_first"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["kind", "task"], name="catalogue_by_kind_and_task"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["currency", "price"], name="catalogue_by_price"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["parameters"], name="catalogue_by_parameters"),
        ),
        migrations.AddIndex(
            model_name="catalogueentry",
            index=models.Index(fields=["context_length"], name="catalogue_by_context_length"),
        ),
        migrations.AddIndex(
            model_name="accessrequest",
            index=models.Index(
                fields=["workspace", "status", "-id"], name="access_requests_to_decide"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["pending", "granted", "declined", "withdrawn"])),
                name="access_request_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("status", "pending")),
                    models.Q(
                        models.Q(("status", "pending"), _negated=True),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="access_request_is_decided_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grant__isnull", False), ("status", "granted")),
                    models.Q(
                        models.Q(("status", "granted"), _negated=True), ("grant__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="access_request_granted_by_a_grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "declined"), _negated=True),
                    models.Q(("decision_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="access_request_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")),
                fields=("workspace", "requested_by"),
                name="one_pending_access_request",
            ),
        ),
        migrations.AddIndex(
            model_name="cataloguelabel",
            index=models.Index(fields=["field", "value"], name="catalogue_labels_by_value"),
        ),
        migrations.AddConstraint(
            model_name="cataloguelabel",
            constraint=models.UniqueConstraint(
                fields=("entry", "field", "value"), name="one_label_per_value"
            ),
        ),
        migrations.AddIndex(
            model_name="cataloguemetric",
            index=models.Index(fields=["name", "value"], name="catalogue_metrics_by_value"),
        ),
        migrations.AddConstraint(
            model_name="cataloguemetric",
            constraint=models.UniqueConstraint(
                fields=("entry", "workspace", "name", "evaluator"), name="one_last_value_per_metric"
            ),
        ),
        catalogue_text_table(),
        # SQLite makes a table that gains a column anew, and its triggers go with the old one.
        GuardRows(
            "Workspace",
            mutable=(
                "title",
                "description",
                "protected_aliases",
                "delete_rule",
                "requires_reason",
                "is_discoverable",
            ),
        ),
        GuardRows(
            "AccessRequest",
            mutable=("status", "decision_reason"),
            once=("decided_by", "decided_at", "grant"),
        ),
    ]
