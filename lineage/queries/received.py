"""Received OpenLineage events, for whoever may see the workspace that they were sent into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.denials import denial_of
from core.errors import NotFound
from core.merging import Merged
from lineage.models import ReceivedEvent
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


@dataclass(frozen=True)
class ReceivedQuery:
    """Which events are asked for; ``warned`` those with warnings, or those without."""

    run: UUID | None = None
    kind: str = ""
    event_type: str = ""
    workspace: str = ""
    job_namespace: str = ""
    job: str = ""
    warned: bool | None = None


def received_events(actor: Actor, query: ReceivedQuery) -> Merged[ReceivedEvent]:
    """Return the events of workspaces that ``actor`` may see, without their bodies."""
    exact = {
        "run_id": query.run,
        "kind": query.kind,
        "event_type": query.event_type,
        "workspace__slug": query.workspace,
        "job__namespace": query.job_namespace,
        "job__name": query.job,
    }
    found = _visible(actor).filter(**{column: value for column, value in exact.items() if value})
    found = found.defer("body")
    if query.warned is None:
        return found
    return found.exclude(warnings=[]) if query.warned else found.filter(warnings=[])


def received_event(actor: Actor, uuid: UUID) -> ReceivedEvent:
    """Return one event with its body; raises NotFound for a missing or foreign one."""
    found = _visible(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(
            denial=denial_of(
                ReceivedEvent,
                {"uuid": uuid},
                permission=Permission.VIEW.value,
                workspace_path="workspace",
            )
        )
    return found


def _visible(actor: Actor) -> Merged[ReceivedEvent]:
    rows: Merged[ReceivedEvent] = Merged(ReceivedEvent)
    return access.within_reach(actor, rows).select_related(
        "workspace", "job", "dataset", "received_by"
    )
