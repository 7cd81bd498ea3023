"""`manage.py token`: a new API token on standard output, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.actors import Actor, Via
from core.errors import DomainError
from core.models import User
from registry.permissions import SCOPE_NAMES
from registry.services import tokens

SPAN = re.compile(r"(\d{1,5})([dh])")
UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


class Command(BaseCommand):
    help = "Print a new API token of an account, which is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--workspace",
            action="append",
            metavar="SLUG",
            help="limit the token to this workspace; may be given more than once",
        )
        parser.add_argument(
            "--expires",
            metavar="WHEN",
            help="an ISO 8601 time, or a span such as 30d or 12h; default: never",
        )
        parser.add_argument(
            "--scope",
            action="append",
            choices=sorted(SCOPE_NAMES),
            metavar="RIGHT",
            help="limit the token to this right, e.g. view_workspace; may be given more than once",
        )
        parser.add_argument("--label", default="", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        # Whoever has a shell on this machine holds the keys already: the installation itself acts.
        actor = Actor(user=None, via=Via.COMMAND)
        try:
            issued = tokens.issue(
                actor=actor,
                user=user,
                label=options["label"],
                expires_at=moment(options["expires"]),
                workspaces=options["workspace"],
                scopes=options["scope"],
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(issued.text)


def moment(text: str | None) -> datetime | None:
    """Return the time that ``--expires`` means; raises CommandError for anything else."""
    if text is None:
        return None
    if span := SPAN.fullmatch(text):
        return timezone.now() + int(span[1]) * UNITS[span[2]]
    try:
        parsed = parse_datetime(text) or datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--expires {text!r}: give an ISO 8601 time, or a span such as 30d or 12h."
        ) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
