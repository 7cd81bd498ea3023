"""The journal in words: recent changes of something, as far as the user may read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits import trail
from console.pages.verbs import WORDS
from core.references import within

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from core.actors import Actor

# The end of an id of version 7 is random; its start is the time.
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})")
# Stands beside the change that had policies asked, and tells no more.
ASKED = "policies.decision.recorded"


@dataclass(frozen=True)
class Change:
    """One line: who did what to what, when."""

    at: datetime
    who: str
    verb: str
    subject: str
    workspace: str
    reason: str
    refused: bool
    entry: uuid.UUID
    number: int


def recent(
    actor: Actor, *, subject: str = "", workspace: str = "", limit: int = 12
) -> list[Change]:
    """Return the newest changes of ``subject``, or of anything, that ``actor`` may read."""
    query = trail.TrailQuery(subject=subject, workspace=workspace)
    rows = list(trail.entries(actor, query).exclude(action=ASKED).order_by("-pk")[:limit])
    described = zip(rows, trail.describe(rows), strict=True)
    return [
        Change(
            at=entry.occurred_at,
            who=entry.actor.username or ("erased person" if entry.actor.uuid else "Muniment"),
            verb=WORDS.get(entry.action) or entry.action.rpartition(".")[2].replace("_", " "),
            subject=short(entry.subject),
            workspace=entry.workspace or "",
            reason=entry.reason,
            refused=entry.outcome in {"refused", "denied"},
            entry=row.uuid,
            number=row.pk,
        )
        for row, entry in described
    ]


def short(subject: str) -> str:
    """Return a full reference without its scheme and instance, and a long id by its end."""
    if "://" in subject:
        return within(subject)
    return UUID.sub(lambda found: f"…{found[1]}", subject)
