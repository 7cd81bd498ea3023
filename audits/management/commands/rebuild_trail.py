"""``manage.py rebuild_trail``: make the index of the trail's words anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audits.queries.trail_words import behind
from audits.services import trail_words


class Command(BaseCommand):
    help = "Make the full text of the trail anew; the worker does it, from the first entry on."

    def handle(self, *args: Any, **options: Any) -> None:
        trail_words.forget()
        self.stdout.write(f"{behind()} entries to go; the worker adds them in the background")
