"""Further kinds and link roles; cards, their reviews, and the fields that a stage requires."""

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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registry", "0006_artifacts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="asset",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="versionlink",
            name="role",
            field=models.CharField(
                choices=[
                    ("trained_on", "trained_on"),
                    ("evaluated_on", "evaluated_on"),
                    ("fine_tuned_from", "fine_tuned_from"),
                    ("adapter_of", "adapter_of"),
                    ("distilled_from", "distilled_from"),
                    ("merged_from", "merged_from"),
                    ("derived_from", "derived_from"),
                    ("evaluates", "evaluates"),
                    ("indexes", "indexes"),
                    ("embeds_with", "embeds_with"),
                    ("uses_model", "uses_model"),
                    ("uses_prompt", "uses_prompt"),
                    ("uses_dataset", "uses_dataset"),
                    ("uses_flow", "uses_flow"),
                    ("uses_index", "uses_index"),
                    ("uses_tool", "uses_tool"),
                    ("uses_agent", "uses_agent"),
                    ("uses_connection", "uses_connection"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In Review"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("last_number", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CardRequirement",
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
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("development", "Development"),
                            ("staging", "Staging"),
                            ("production", "Production"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fields", models.JSONField()),
                (
                    "set_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card_requirements",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CardRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("fields", core.fields.CanonicalJSONField()),
                ("digest", models.CharField(max_length=71)),
                ("reason", models.TextField(blank=True)),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="registry.card",
                    ),
                ),
                (
                    "written_by",
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
            name="CardReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                (
                    "taken_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="registry.cardrevision",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["status", "-id"], name="cards_by_status"),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "in_review", "accepted", "returned"])),
                name="card_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrequirement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="registry_cardrequirement_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrequirement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("workspace", "kind", "stage"),
                name="one_open_card_requirement",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrevision",
            constraint=models.UniqueConstraint(
                fields=("card", "number"), name="one_revision_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="revision_numbers_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["submitted", "accepted", "returned"])),
                name="card_review_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("step", "submitted"),
                    models.Q(("taken_by", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_reviews_their_own_card",
            ),
        ),
        GuardRows("Card", mutable=("status", "last_number", "updated_at")),
        GuardRows("CardRevision"),
        GuardRows("CardReview"),
        GuardRows("CardRequirement", once=("valid_to",)),
    ]
