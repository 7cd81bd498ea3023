"""The journal's consumers: breaches and drift are findings, exemptions have them followed, and
the words of each entry are kept for the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.breaches import KINDS
from audits.queries.trail_words import CONSUMER
from audits.services import scans, sightings, trail_words
from audits.services.streams import operating
from audits.services.transparency import integration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class FindingConsumer:
    """Opens a finding when a threshold is breached or drift begins, and resolves it when that is
    over."""

    name = "findings"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that tell of a breach or of drift."""
        return [entry for entry in entries if entry.action in KINDS]

    def consume(self, entry: SequencedEntry) -> None:
        """Follow the finding of ``entry``, once however often it is told."""
        if entry.action in KINDS:
            sightings.record(entry)


class ExemptionConsumer:
    """Has a workspace scanned again when an exemption begins or ends there, so that findings
    follow at once."""

    name = "exemptions"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that begin or end an exemption."""
        return [entry for entry in entries if entry.action in scans.RESCANNED_AFTER]

    def consume(self, entry: SequencedEntry) -> None:
        """Queue the scan, once while it waits."""
        if entry.action in scans.RESCANNED_AFTER:
            scans.queue_rescan(entry)


class LogFollower:
    """Adds what is placed to the transparency log."""

    name = integration.CONSUMER

    def consume(self, entry: SequencedEntry) -> None:
        """Nothing is told one by one: the log follows the order itself."""

    def follow(self) -> int:
        """Add what was placed since; return how many entries."""
        return integration.integrate()

    def watch(self, first: int, bodies: Sequence[bytes]) -> None:
        """Keep the hashes of what was just placed, for when they are added."""
        integration.watch(first, bodies)


class TrailConsumer:
    """Adds the words of each entry to the index of the trail."""

    name = CONSUMER

    def consume(self, entry: SequencedEntry) -> None:
        """Add the words of ``entry``, once however often it is told."""
        trail_words.add([entry])

    def consume_all(self, entries: Sequence[SequencedEntry]) -> None:
        """Add the words of several entries."""
        trail_words.add(entries)


class StreamConsumer:
    """Wakes the streams of the journal when there is anything new; they read the order themselves,
    in tasks."""

    name = "streams"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return the last one, if anybody listens: one call wakes everybody."""
        return entries[-1:] if operating.is_anybody_listening() else []

    def consume(self, entry: SequencedEntry) -> None:
        """Wake the streams; doing it twice adds nothing."""
        operating.wake_all()
