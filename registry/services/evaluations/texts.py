"""Erase what people wrote, and keep what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.journal import publish
from registry import access
from registry.events import EvaluationTextsErased
from registry.models import RowText
from registry.permissions import Permission
from registry.queries.evaluations import evaluation_by_uuid

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


def erase(*, actor: Actor, evaluation: UUID, reason: str = "") -> int:
    """Erase the kept texts of an evaluation; return of how many rows. Needs record_run."""
    found = evaluation_by_uuid(actor, evaluation, permission=Permission.RECORD_RUN)
    with transaction.atomic():
        erased, _ = RowText.objects.filter(row__evaluation=found).delete()
        if erased:
            publish(
                EvaluationTextsErased(
                    subject=f"evaluation/{found.uuid}",
                    workspace=found.workspace.uuid,
                    reason=reason,
                    evaluation=str(found.uuid),
                    rows=erased,
                ),
                actor=actor,
                roles=access.roles(actor, found.workspace_id),
            )
    return erased
