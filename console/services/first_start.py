"""What an empty installation gets before anyone can log in."""

from __future__ import annotations

import secrets

from django.db import transaction

from console.events import AdministratorWasCreated
from core import actors, journal, locks
from core.models import User

ADMINISTRATOR = "admin"


def create_administrator() -> str | None:
    """Create the administrator if there is no account at all.

    Returns the random password, which is kept nowhere else; None when accounts exist.
    """
    with transaction.atomic():
        locks.hold("console.first_start")
        if User.objects.exists():
            return None
        password = secrets.token_urlsafe(15)
        user = User.objects.create_superuser(ADMINISTRATOR, password=password)
        journal.publish(AdministratorWasCreated(subject=f"user/{user.uuid}"), actor=actors.system())
    return password
