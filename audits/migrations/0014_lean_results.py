"""Results of scans without the indexes that nothing reads by: a scan writes a row for each rule."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from core.guards import GuardRows, UnguardRows
from core.rebuilds import RebuildTable

LEAN: dict[str, dict[str, Any]] = {
    "assignment": {"related_name": "scan_results", "to": "policies.assignment"},
    "decision": {"related_name": "scan_results", "to": "policies.decision"},
    "exemption": {"related_name": "scan_results", "to": "policies.exemption", "null": True},
    "policy_version": {"related_name": "scan_results", "to": "policies.policyversion"},
    "resource": {"related_name": "scan_results", "to": "policies.resource", "null": True},
    "workspace": {"related_name": "+", "to": "registry.workspace"},
}
# Results may go, in a transaction that says so.
PERMIT = "audits_removalpermit"
EACH = "SELECT id FROM audits_scanresult"


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0013_packs"),
        ("policies", "0007_evaluations"),
        ("registry", "0018_triage_findings"),
    ]

    operations = [
        UnguardRows("ScanResult", permitted_by=PERMIT),
        RebuildTable(
            "ScanResult",
            steps=[
                migrations.AlterField(
                    model_name="scanresult",
                    name=name,
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, **options
                    ),
                )
                for name, options in LEAN.items()
            ],
            fill=EACH,
            fill_back=EACH,
        ),
        GuardRows("ScanResult", permitted_by=PERMIT),
    ]
