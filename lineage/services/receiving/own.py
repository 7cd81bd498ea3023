"""Let jobs, runs and datasets know what this service itself did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core import locks
from core.actors import system
from lineage.received.parsing import parse
from lineage.services.receiving.batches import LOCK
from lineage.services.receiving.identities import ensure
from lineage.services.receiving.names import Names
from lineage.services.receiving.ours import find_ours
from lineage.services.receiving.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lineage.models import LineageEvent
    from lineage.received.event import Event
    from registry.models import Workspace


def tell_own(rows: Iterable[LineageEvent]) -> None:
    """Fold our own events into the rows of their workspaces, in the current transaction.

    Doing it twice, or in another order, ends in the same state. Locks and names are had in their
    order before anything else is written, as receivers have them.
    """
    places: dict[int, Workspace] = {}
    events: dict[int, list[Event]] = {}
    for row in rows:
        places[row.workspace_id] = row.workspace
        events.setdefault(row.workspace_id, []).append(parse(json.loads(bytes(row.body))))
    for key in sorted(places):
        locks.hold(f"{LOCK}.{key}")
    actor = system()
    names = Names.of([event for told in events.values() for event in told], [])
    ensure(names, find_ours(actor, names))
    for key in sorted(places):
        tell(actor, places[key], events[key], is_own=True)
