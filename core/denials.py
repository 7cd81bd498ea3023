"""Journal what an authenticated caller was refused, after the refused work rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import AccessDenied, DomainError, NotFound
from core.events import AccessWasDenied
from core.journal import publish

if TYPE_CHECKING:
    from core.actors import Actor


def record_denial(error: DomainError, *, actor: Actor | None) -> None:
    """Journal ``error`` in a transaction of its own, if it refused ``actor`` something."""
    if actor is None or not isinstance(error, AccessDenied | NotFound) or error.denial is None:
        return
    denial = error.denial
    event = AccessWasDenied(
        subject=denial.subject, workspace=denial.workspace, permission=denial.permission
    )
    with transaction.atomic():
        publish(event, actor=actor)
