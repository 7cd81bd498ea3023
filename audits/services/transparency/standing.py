"""How far every anchor is, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import LogSink
from audits.queries.log import newest_checkpoint
from audits.services.transparency import anchors, sinks
from registry import access

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

# A sink that has failed for so long is an operator's business.
SILENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """An anchor of the log: ``size`` of the newest checkpoint that it took, how many entries it is
    ``behind`` the newest one, and what it holds against the log, if anything (``dispute``)."""

    name: str
    kind: str
    size: int
    behind: int
    attempts: int
    failing_since: datetime | None
    next_try_at: datetime | None
    error: str
    dispute: str
    known_size: int | None
    moved_at: datetime | None

    @property
    def is_silent(self) -> bool:
        """Tell whether it has failed for longer than a pause explains."""
        return self.failing_since is not None and self.failing_since < timezone.now() - SILENCE


def standings(actor: Actor) -> list[Standing]:
    """Return every anchor that is configured. Needs an administrator of the organisation."""
    access.require_organisation_admin(actor, subject="log/anchors")
    return all_standings()


def all_standings() -> list[Standing]:
    """Return the same for the service itself; raises InvalidInput for settings without sense."""
    file = anchors.anchor_file()
    named = [(f"file:{file}", "file")] if file else []
    named += [(each.name, each.kind) for each in sinks.configured()]
    newest = newest_checkpoint()
    size, origin = (newest.size, newest.origin) if newest else (0, "")
    rows = {row.name: row for row in LogSink.objects.all()}
    found = []
    for name, kind in named:
        row = rows.get(name) or LogSink(name=name)
        taken = row.size if row.origin == origin else 0
        found.append(
            Standing(
                name=name,
                kind=kind,
                size=taken,
                behind=max(0, size - taken),
                attempts=row.attempts,
                failing_since=row.failing_since,
                next_try_at=row.next_try_at if row.error else None,
                error=row.error,
                dispute=row.dispute if row.origin == origin else "",
                known_size=row.known_size if row.origin == origin else None,
                moved_at=row.moved_at,
            )
        )
    return found
