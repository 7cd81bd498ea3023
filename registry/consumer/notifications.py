"""The consumer that notifies people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services.notices import telling
from registry.services.notices.audiences import concerning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class NotificationConsumer:
    """Notifies those whom an entry concerns; large audiences are left to a task."""

    name = "notifications"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that may concern somebody."""
        return concerning(entries)

    def consume(self, entry: SequencedEntry) -> None:
        """Tell people of ``entry``, once however often it is told."""
        telling.tell(entry)
