"""The consumer that fills the queues of webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services.webhooks import queueing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class WebhookConsumer:
    """Queues an entry for each webhook that asks for it; what is queued goes out by a task."""

    name = "webhooks"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that a webhook asks for."""
        return queueing.asked_for(entries)

    def consume(self, entry: SequencedEntry) -> None:
        """Queue ``entry``, once however often it is told."""
        queueing.queue(entry)
