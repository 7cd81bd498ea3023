"""The mappings and statements that an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from audits.models import ControlMapping, ControlStatement
from registry import access

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor


def mappings() -> QuerySet[ControlMapping]:
    """Return every mapping: like policies, they are of the whole organisation."""
    return ControlMapping.objects.select_related("policy", "mapped_by", "ended_by")


def visible_statements(actor: Actor) -> QuerySet[ControlStatement]:
    """Return the statements in workspaces that ``actor`` sees, and those of the organisation."""
    return ControlStatement.objects.filter(
        Q(workspace__isnull=True) | access.in_reach(actor)
    ).select_related("workspace", "owner", "stated_by", "ended_by")
