"""Journal what an authenticated caller was refused, after the refused work rolled back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from core.errors import Denial
from core.events import AccessWasDenied
from core.journal import publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import Model

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
        # A denial is no effect: with the right granted, the same key may be tried again.
        publish(event, actor=replace(actor, claim=None))


def denial_of(
    model: type[Model], lookup: Mapping[str, object], *, permission: str, workspace_path: str
) -> Denial | None:
    """Return the denial of a look at the row of ``model`` that ``lookup`` finds; None if there is
    no such row. ``workspace_path`` leads to its workspace, empty for a row that has none."""
    columns = ["pk", f"{workspace_path}__uuid"] if workspace_path else ["pk"]
    row = QuerySet(model).filter(**lookup).values_list(*columns).first()
    if row is None:
        return None
    workspace: UUID | None = row[1] if workspace_path else None
    named = next(iter(lookup.values()))
    return Denial(permission, f"{model._meta.model_name}/{named}", workspace)
