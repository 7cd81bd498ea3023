"""Edges for the link roles of indexes, tools, agents, connections and applications."""

from __future__ import annotations

from django.db import migrations, models

from core.guards import GuardRows

RELATIONS = (
    "trained_on",
    "evaluated_on",
    "fine_tuned_from",
    "adapter_of",
    "distilled_from",
    "merged_from",
    "derived_from",
    "evaluates",
    "indexes",
    "embeds_with",
    "uses_model",
    "uses_prompt",
    "uses_dataset",
    "uses_flow",
    "uses_index",
    "uses_tool",
    "uses_agent",
    "uses_connection",
    "promoted",
)


class Migration(migrations.Migration):
    dependencies = [("lineage", "0003_schedules")]

    operations = [
        migrations.RemoveConstraint(model_name="edge", name="edge_relation"),
        migrations.AlterField(
            model_name="edge",
            name="relation",
            field=models.CharField(
                choices=[(relation, relation) for relation in RELATIONS], max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="edge",
            constraint=models.CheckConstraint(
                condition=models.Q(("relation__in", RELATIONS)), name="edge_relation"
            ),
        ),
        # SQLite rebuilt the table, and dropped its triggers.
        GuardRows("Edge"),
    ]
