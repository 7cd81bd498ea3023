"""The consumer that keeps the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services.catalogue import projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class CatalogueConsumer:
    """Brings the catalogue up to date with what an entry touches."""

    name = "catalogue"

    def consume(self, entry: SequencedEntry) -> None:
        """Follow ``entry``, once however often it is told."""
        projection.follow(entry)

    def consume_all(self, entries: Sequence[SequencedEntry]) -> None:
        """Follow several entries; an asset that more than one touches is written once."""
        projection.follow_all(entries)
