"""A journal with a log over it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from audits.models import LogCheckpoint
from audits.services.transparency import integration
from core import actors, sequencer
from core.events import Event
from core.journal import publish_many
from core.models import JournalEntry


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    """Something that tests journal."""

    action = "tests.log.happened"


def journal(count: int) -> list[JournalEntry]:
    """Write and place entries."""
    with transaction.atomic():
        entries = publish_many(
            [Happened(subject=f"thing/{number}") for number in range(count)],
            actor=actors.system(),
        )
    while sequencer.sequence_pending():
        pass
    return entries


def grow() -> LogCheckpoint:
    """Bring the log up to date, the entries of its own keys too."""
    while sequencer.sequence_pending() or integration.integrate(at_once=True):
        pass
    newest = LogCheckpoint.objects.order_by("-size").first()
    assert newest is not None
    return newest
