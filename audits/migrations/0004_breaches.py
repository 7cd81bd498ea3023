"""Findings from breaches of thresholds and from drift, as the journal tells of them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import core.fields
from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0003_schedules"),
        ("policies", "0002_guards"),
        ("registry", "0014_versions_by_workspace"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="deployment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="registry.deployment",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="origin",
            field=models.CharField(
                choices=[("policy", "Policy"), ("threshold", "Threshold"), ("drift", "Drift")],
                default="policy",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="assignment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="policies.assignment",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="latest_result",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audits.scanresult",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="policies.policy",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="resolution",
            field=models.CharField(
                blank=True,
                choices=[
                    ("passed", "Passed"),
                    ("not_applicable", "Not Applicable"),
                    ("out_of_scope", "Out Of Scope"),
                    ("recovered", "Recovered"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=71)),
                ("entry_uuid", models.UUIDField(unique=True)),
                ("entry_seq", models.BigIntegerField(unique=True)),
                ("occurred_at", models.DateTimeField()),
                ("subject", models.CharField(max_length=1000)),
                ("origin", models.CharField(max_length=9)),
                ("name", models.CharField(max_length=200)),
                ("begins", models.BooleanField()),
                ("is_ended", models.BooleanField()),
                ("severity", models.CharField(max_length=8)),
                ("measure", models.CharField(max_length=11)),
                ("value", models.CharField(max_length=400)),
                ("bound", models.CharField(max_length=400)),
                ("terms", core.fields.CanonicalJSONField(default=dict)),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sightings",
                        to="registry.deployment",
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
        migrations.AddField(
            model_name="finding",
            name="latest_sighting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audits.sighting",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("assignment__isnull", False),
                        ("deployment__isnull", True),
                        ("latest_result__isnull", False),
                        ("latest_sighting__isnull", True),
                        ("origin", "policy"),
                        ("policy__isnull", False),
                    ),
                    models.Q(
                        ("assignment__isnull", True),
                        ("deployment__isnull", False),
                        ("latest_result__isnull", True),
                        ("latest_sighting__isnull", False),
                        ("origin__in", ["threshold", "drift"]),
                        ("policy__isnull", True),
                        ("resource__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="finding_by_policy_or_by_journal",
            ),
        ),
        migrations.AddIndex(
            model_name="sighting",
            index=models.Index(fields=["identity", "entry_seq"], name="sightings_in_order"),
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["threshold", "drift"])), name="sighting_origin"
            ),
        ),
        GuardRows("Sighting"),
        # SQLite makes a table that gains a column anew, and its triggers go with the old one.
        GuardRows(
            "Finding",
            mutable=(
                "severity",
                "state",
                "resolution",
                "first_seen_at",
                "last_seen_at",
                "resolved_at",
                "regressions",
                "latest_result",
                "latest_sighting",
            ),
        ),
    ]
