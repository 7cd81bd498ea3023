"""Scans, results and reports are written once; a finding only moves on."""

from __future__ import annotations

from django.db import migrations

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial"), ("core", "0002_guards")]

    operations = [
        GuardRows("Scan", once=("completed_at", "counts", "tools", "digest", "journal_head")),
        GuardRows("ScanWorkspace", once=("completed_at", "digest")),
        GuardRows("ScanResult"),
        GuardRows(
            "Finding",
            mutable=(
                "severity",
                "state",
                "resolution",
                "last_seen_at",
                "resolved_at",
                "regressions",
                "latest_result",
            ),
        ),
        GuardRows("Report", once=("task", "completed_at")),
        GuardRows("ReportFile"),
    ]
