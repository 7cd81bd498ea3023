"""``manage.py rebuild_lineage``: tell lineage the whole journal again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lineage.services.rebuilding import rebuild


class Command(BaseCommand):
    """Add to the graph and to OpenLineage what an earlier release did not tell."""

    help = "Tell lineage the whole journal again; the worker does it, and nothing is told twice."

    def handle(self, *args: Any, **options: Any) -> None:
        """Move the cursor back and say how much lies before it."""
        count = rebuild()
        self.stdout.write(f"The worker tells lineage {count} entries of the journal again.")
