"""Tell the journal what a scan of one workspace did to its findings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from audits.events import (
    FindingsExempted,
    FindingsOpened,
    FindingsReopened,
    FindingsResolved,
)
from core.canonical import canonical_texts, sha256
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audits.events import FindingsEvent
    from audits.models import ScanWorkspace
    from core.actors import Actor

JOURNALLED = 100
EVENTS: dict[str, type[FindingsEvent]] = {
    "opened": FindingsOpened,
    "reopened": FindingsReopened,
    "exempted": FindingsExempted,
    "resolved": FindingsResolved,
}


class Told(NamedTuple):
    """A finding as the journal tells of it; ``finding`` is its uuid as text."""

    finding: str
    subject: str
    policy: str
    severity: str
    resolution: str = ""

    @property
    def text(self) -> str:
        """Return it as canonical JSON."""
        return (
            f'{{"finding":"{self.finding}","policy":{_quoted(self.policy)},'
            f'"resolution":"{self.resolution}","severity":"{self.severity}",'
            f'"subject":{_quoted(self.subject)}}}'
        )


def publish_changes(
    unit: ScanWorkspace,
    told: Mapping[str, Sequence[Told]],
    *,
    owners: Sequence[str],
    actor: Actor,
) -> None:
    """Publish one event for each kind of change, by its name in `EVENTS`, in the transaction that
    made it: the first hundred findings by name, all of them in its digest. ``owners`` are those of
    the findings that came back."""
    roles = access.roles(actor, unit.workspace_id)
    for name, findings in told.items():
        if not findings:
            continue
        event = EVENTS[name](
            subject=unit.workspace.slug,
            workspace=unit.workspace.uuid,
            digest=sha256(f"[{','.join(each.text for each in findings)}]".encode()),
            scan=str(unit.scan.uuid),
            count=len(findings),
            findings=[each._asdict() for each in findings[:JOURNALLED]],
            owners=list(owners) if name == "reopened" else [],
        )
        publish(event, actor=actor, roles=roles)


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    """Return a text as canonical JSON: many findings share their policy, or their subject."""
    return canonical_texts([text])[1:-1].decode()
