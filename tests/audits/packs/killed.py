"""Run inside a real installation: what a worker that was killed over a pack left behind.

`manage.py shell -c "from tests.audits.packs import killed; killed.left()"`
"""

from __future__ import annotations

import json
import os


def age() -> None:
    """Make what lies in the store and in the data folder look hours old."""
    from django.conf import settings

    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file() and "blobs" in path.parts:
            os.utime(path, (0, 0))


def left() -> None:
    """Print the packs, their events, what lies in the store, and files of nobody, as JSON."""
    from django.conf import settings

    from audits.models import EvidencePack
    from core.models import JournalEntry
    from registry.models import Blob
    from registry.queries.blobs import store

    pack = EvidencePack.objects.select_related("task").get()
    items = list(store().items())
    known = set(Blob.objects.values_list("key", flat=True))
    print(
        json.dumps(
            {
                "status": pack.status,
                "attempts": pack.task.attempts if pack.task else 0,
                "completed": JournalEntry.objects.filter(action="audits.pack.completed").count(),
                "objects": len(items),
                "orphans": len([item for item in items if item.key not in known]),
                "temporary": len(list(settings.DATA_DIR.glob("tmp*"))),
                "contents": pack.contents,
            }
        )
    )
