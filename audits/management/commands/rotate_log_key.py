"""``manage.py rotate_log_key``: sign the log with a new key from now on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.services.transparency.keys import rotate
from core.actors import Actor, Via
from core.errors import DomainError


class Command(BaseCommand):
    """Make a new key, have the old one vouch for it, and put both on record."""

    help = "Replace the key that signs the transparency log. Run it where the worker runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the reason."""
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        """Rotate, and print the new public key."""
        try:
            key = rotate(actor=Actor(user=None, via=Via.COMMAND), reason=reason)
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(key.vkey)
