"""``manage.py erase_person``: erase who an account was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from audits.services import erasure
from core.actors import Actor, Via
from core.errors import DomainError
from core.models import User

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Erase names, address, tokens and notifications of a person; what they did stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="name or id of the account")
        parser.add_argument("--by", required=True, help="the administrator who erases")
        parser.add_argument("--reason", required=True, help="stays in the journal: no names")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"there is no account {options['by']!r}")
        try:
            done = erasure.erase(
                actor=Actor(by, Via.COMMAND), account=options["account"], reason=options["reason"]
            )
        except DomainError as error:
            told = "; ".join(f"{each.field} {each.reason}" for each in error.errors)
            raise CommandError(told or error.detail) from error
        self.stdout.write(f"erased: {done.account.username}")
