"""Go on with a log whose database is older than its anchor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audits.events import LogResumed
from audits.queries.log import newest_checkpoint
from audits.services.transparency import anchors
from audits.services.transparency.keys import current_origin
from core.errors import Conflict
from core.journal import publish

if TYPE_CHECKING:
    from core.actors import Actor

NUMBERED = re.compile(r"(.*)#([0-9]+)\Z")


@dataclass(frozen=True)
class Lost:
    """The log's new name, and how many entries of the old one are gone."""

    origin: str
    entries: int


def resume(*, actor: Actor, reason: str) -> Lost:
    """Sign on under a new origin, so that nobody takes the new tree for the old one.

    The loss is an entry of the log. For an operator, after a restore from a backup. Raises
    Conflict where no anchor knows what the database lacks, and none disputes it.
    """
    name = current_origin()
    latest = newest_checkpoint()
    size = latest.size if latest else 0
    lost = [told for told in anchors.told_outside(name) if told.size > size or told.is_disputed]
    if not lost:
        raise Conflict("Nothing is lost: no anchor knows more than the database.")
    largest = max(lost, key=lambda told: (told.size, told.root is not None))
    following = _following(name)
    with transaction.atomic():
        publish(
            LogResumed(
                subject=f"log/{name}",
                reason=reason,
                size=size,
                lost_size=largest.size,
                lost_root=largest.root.hex() if largest.root else "",
                origin=following,
            ),
            actor=actor,
        )
    return Lost(following, max(0, largest.size - size))


def _following(name: str) -> str:
    found = NUMBERED.match(name)
    return f"{found[1]}#{int(found[2]) + 1}" if found else f"{name}#2"
