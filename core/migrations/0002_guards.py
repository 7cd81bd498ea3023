"""The journal is insert-only."""

from __future__ import annotations

from django.db import migrations

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        GuardRows("JournalEntry"),
        GuardRows("JournalSequence"),
    ]
