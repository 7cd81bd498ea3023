"""Events, what they name, and edges are append-only."""

from __future__ import annotations

from django.db import migrations

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [("lineage", "0001_initial")]

    operations = [
        GuardRows("LineageEvent"),
        GuardRows("Mention"),
        GuardRows("Edge"),
    ]
