"""``manage.py resume_log``: go on with a log that is older than its anchor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.services.transparency.resumption import resume
from core.actors import Actor, Via
from core.errors import DomainError


class Command(BaseCommand):
    """Put on record what was lost, and sign on under a new name of the log."""

    help = "After a restore from an older backup: put the loss on record and sign on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the reason."""
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        """Resume, and say what is lost."""
        try:
            lost = resume(actor=Actor(user=None, via=Via.COMMAND), reason=reason)
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"The log goes on as {lost.origin}; {lost.entries} entries are lost.")
