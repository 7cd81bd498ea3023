"""What other systems told may go by a rule of retention, in a transaction that says so."""

from __future__ import annotations

from django.db import migrations

from core.guards import GuardRows, UnguardRows

PERMIT = "audits_removalpermit"
TOLD = (("lineage", "ReceivedEvent"), ("policies", "FleetDecision"))


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0016_findings"),
        ("lineage", "0008_namespaces"),
        ("policies", "0007_evaluations"),
    ]

    operations = [
        step
        for app, model in TOLD
        for step in (
            UnguardRows(model, app=app),
            GuardRows(model, app=app, permitted_by=PERMIT),
        )
    ]
