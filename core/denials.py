"""Journal what an authenticated caller was refused, after the refused work rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.events import AccessWasDenied
from core.journal import publish

if TYPE_CHECKING:
    from core.actors import Actor
    from core.errors import DomainError


def record_denial(error: DomainError, *, actor: Actor | None) -> None:
    """Journal ``error`` in a transaction of its own, if it refused ``actor`` something."""
    denial = error.denial
    if actor is None or denial is None:
        return
    event = AccessWasDenied(
        subject=denial.subject, workspace=denial.workspace, permission=denial.permission
    )
    with transaction.atomic():
        publish(event, actor=actor)
