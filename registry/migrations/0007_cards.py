"""Further kinds and link roles; cards, their reviews, and the fields that a stage requires."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_artifacts")]

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
    ]
