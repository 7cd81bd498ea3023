"""A dataset version says what its run told so far: events come in any order."""

from __future__ import annotations

import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [
        ("lineage", "0005_received"),
    ]

    operations = [
        GuardRows("DatasetVersion", mutable=("external_version", "body", "event_time")),
    ]
