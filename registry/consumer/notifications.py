"""The consumer that notifies people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services.notices import telling

if TYPE_CHECKING:
    from core.journal import SequencedEntry


class NotificationConsumer:
    """Notifies those whom an entry concerns; large audiences are left to a task."""

    name = "notifications"

    def consume(self, entry: SequencedEntry) -> None:
        """Tell people of ``entry``, once however often it is told."""
        telling.tell(entry)
