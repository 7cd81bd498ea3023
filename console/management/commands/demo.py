"""`manage.py demo`: the demo organisation, made once and completed by repeating."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.demo import organisation
from console.demo.people import PEOPLE
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make the demo organisation, or what is missing of it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cast = organisation.build(say=lambda step: self.stdout.write(f"demo: {step}"))
        except DomainError as error:
            raise CommandError(error.detail) from error
        names = ", ".join(PEOPLE)
        if cast.password:
            self.stdout.write(
                f"demo: {names} can log in with the password {cast.password}   (shown this once)"
            )
        else:
            self.stdout.write(
                f"demo: all is there; `manage.py changepassword` lets you in as {names}"
            )
