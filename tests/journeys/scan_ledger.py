"""What an installation's database holds of a scan; run inside the installation."""

from __future__ import annotations

import json
from collections import Counter


def show(scan_uuid: str) -> None:
    """Print results, subjects, states and attempts of the scan as JSON."""
    from audits.models import Scan, ScanResult
    from core.models import JournalEntry

    scan = Scan.objects.select_related("task").get(uuid=scan_uuid)
    results = ScanResult.objects.filter(scan=scan, resource__isnull=False)
    entries = JournalEntry.objects.filter(action="audits.scan.completed")
    ledger = {
        "results": results.count(),
        "subjects": results.values("subject").distinct().count(),
        "states": dict(Counter(results.values_list("state", flat=True))),
        "attempts": scan.task.attempts,
        "completed_entries": entries.filter(subject=f"scan/{scan_uuid}").count(),
    }
    print(json.dumps(ledger))
