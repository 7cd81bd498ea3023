"""What the mapping reads and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from openlineage.client.event_v2 import DatasetEvent, JobEvent, RunEvent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

Event = RunEvent | DatasetEvent | JobEvent


@dataclass(frozen=True)
class Record:
    """A journal entry: its id, when it happened, what happened, and its body (payload v1).

    ``workspace`` is the name, which never changes, of the one that the body gives the id of.
    """

    uuid: UUID
    occurred_at: datetime
    action: str
    body: Mapping[str, Any]
    workspace: str = ""

    @property
    def data(self) -> Mapping[str, Any]:
        """Return the fields of the event that was journalled."""
        data: Mapping[str, Any] = self.body["data"]
        return data

    @property
    def instance(self) -> str:
        """Return the name of the installation that wrote the entry."""
        return str(self.body["instance"])


@dataclass(frozen=True)
class Mapped:
    """An OpenLineage event, and the public ids of the versions that it names."""

    event: Event
    versions: tuple[UUID, ...]


def event_time(moment: datetime) -> str:
    """Return ``moment`` as OpenLineage wants it: RFC 3339, in UTC, with microseconds."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
