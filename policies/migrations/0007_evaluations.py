"""What the decisions on one document have in common is stored once: an evaluation.

Decisions keep their ids and uuids. Those of before are not used again as answers: what they
answered is asked once more, as after a change of the engine.
"""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.fields
import core.tables
from core.guards import GuardRows, UnguardRows
from core.rebuilds import RebuildTable

SHARED = (
    "kind",
    "workspace_id",
    "subject",
    "snapshot_id",
    "version_id",
    "input_id",
    "bundle_digest",
    "parameters",
    "attestation_id",
    "engine",
    "engine_version",
    "evaluated_at",
)
COLUMNS = ", ".join(SHARED)
# Everything here is of this file.
EVALUATIONS = f"""
    INSERT INTO policies_evaluation (id, {COLUMNS}, reuse_key)
    SELECT MIN(id), {COLUMNS}, '' FROM policies_decision GROUP BY {COLUMNS}
"""  # noqa: S608
SEQUENCE = """
    SELECT setval(pg_get_serial_sequence('policies_evaluation', 'id'), MAX(id))
    FROM policies_evaluation HAVING MAX(id) IS NOT NULL
"""
EVALUATION_OF_EACH = f"""
    SELECT id, MIN(id) OVER (PARTITION BY {COLUMNS}) AS evaluation_id FROM policies_decision
"""  # noqa: S608
SHARED_OF_EACH = f"""
    SELECT decision.id, {", ".join(f"evaluation.{name}" for name in SHARED)},
        '' AS reuse_key, NULL AS answer_key
    FROM policies_decision AS decision
    JOIN policies_evaluation AS evaluation ON evaluation.id = decision.evaluation_id
"""  # noqa: S608


def fill_evaluations(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make an evaluation of all decisions that have everything in common."""
    schema_editor.execute(EVALUATIONS)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SEQUENCE)
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(core.tables.Migration):
    dependencies = [
        ("policies", "0006_fleet"),
        ("registry", "0018_triage_findings"),
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
                (
                    "kind",
                    models.CharField(
                        choices=[("configuration", "Configuration"), ("promotion", "Promotion")],
                        max_length=13,
                    ),
                ),
                ("subject", models.CharField(max_length=1000)),
                ("bundle_digest", models.CharField(max_length=71)),
                ("parameters", core.fields.CanonicalJSONField(default=dict)),
                ("engine", models.CharField(blank=True, max_length=40)),
                ("engine_version", models.CharField(blank=True, max_length=40)),
                ("reuse_key", models.CharField(db_index=True, max_length=71)),
                ("answer_key", models.CharField(db_index=True, max_length=71, null=True)),
                ("evaluated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "attestation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="policies.attestation",
                    ),
                ),
                (
                    "input",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="policies.decisioninput",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="policies.snapshot",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_evaluations",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_evaluations",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["workspace", "-id"], name="evaluations_of_workspace")
                ],
            },
        ),
        UnguardRows("Decision"),
        migrations.RunPython(fill_evaluations, migrations.RunPython.noop),
        RebuildTable(
            "Decision",
            steps=[
                migrations.RemoveIndex(model_name="decision", name="decisions_of_workspace"),
                *(
                    migrations.RemoveField(model_name="decision", name=name.removesuffix("_id"))
                    for name in (*SHARED, "reuse_key", "answer_key")
                ),
                migrations.AlterField(
                    model_name="decision",
                    name="assignment",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="policies.assignment",
                    ),
                ),
                migrations.AlterField(
                    model_name="decision",
                    name="policy_version",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="policies.policyversion",
                    ),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="evaluation",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="policies.evaluation",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        fields=["assignment", "-id"], name="decisions_of_assignment"
                    ),
                ),
            ],
            fill=EVALUATION_OF_EACH,
            fill_back=SHARED_OF_EACH,
        ),
        GuardRows("Evaluation"),
        GuardRows("Decision"),
    ]
