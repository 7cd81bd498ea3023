"""Checkpoints with what witnesses added to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from audits.models import LogCheckpoint

if TYPE_CHECKING:
    from django.db.models import QuerySet


def with_cosignatures() -> QuerySet[LogCheckpoint]:
    """Return all checkpoints, ready for ``note_of`` of many."""
    return LogCheckpoint.objects.prefetch_related("cosignatures")


def newest_cosigned(witnesses: int) -> LogCheckpoint | None:
    """Return the largest tree that at least so many witnesses have cosigned; 0 asks for none."""
    found = with_cosignatures().order_by("-size")
    if witnesses:
        found = found.annotate(seen=Count("cosignatures")).filter(seen__gte=witnesses)
    return found.first()


def note_of(checkpoint: LogCheckpoint) -> str:
    """Return the signed note with a line for each witness that cosigned it."""
    lines = sorted(checkpoint.cosignatures.all(), key=lambda each: each.pk)
    return checkpoint.note + "".join(f"{each.line}\n" for each in lines)
