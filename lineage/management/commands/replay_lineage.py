"""``manage.py replay_lineage SINK --since TIME``: tell a sink again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from core.actors import system
from core.errors import DomainError
from lineage.services import operating
from registry.management.accounts import actor_called

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


class Command(BaseCommand):
    help = "Send OpenLineage events to a sink once more, from an event or a time on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sink", nargs="?", default="default")
        parser.add_argument("--account", default="", help="administrator on whose behalf")
        start = parser.add_mutually_exclusive_group(required=True)
        start.add_argument("--event", type=UUID, help="id of the first event")
        start.add_argument("--since", type=_time, help="time with its zone, as 2026-01-31T12:00Z")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = operating.replay(
                actor=actor_called(options["account"]) if options["account"] else system(),
                **{name: options[name] for name in ("sink", "event", "since", "reason")},
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{count} events are sent again")


def _time(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found
