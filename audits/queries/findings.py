"""Read findings with what people decided about them, and how each went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audits.models import (
    Finding,
    FindingChange,
    FindingComment,
    FindingTransition,
    ResultState,
    ScanWorkspace,
)
from audits.queries.due import with_due
from audits.queries.scope import finding_by_uuid, results_of, visible_findings
from core.errors import Gone, NotFound
from core.preconditions import state_tag
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from audits.models import ScanResult
    from core.actors import Actor
    from core.models import User


def followed_findings(actor: Actor) -> QuerySet[Finding]:
    """Return the findings that ``actor`` may see, with ``due_at`` and ``is_overdue``."""
    return with_due(visible_findings(actor).select_related("triage__owner"))


def followed_finding(actor: Actor, uuid: UUID) -> Finding:
    """Return one of them; raises NotFound where there is none, or none that the actor may see."""
    found = followed_findings(actor).filter(uuid=uuid).first()
    return found or finding_by_uuid(actor, uuid)


def tag_of(finding: Finding) -> str:
    """Return the tag of what people decided about a finding, as it stands."""
    triage = finding.triaged
    return state_tag({"finding": str(finding.uuid), "revision": triage.revision if triage else 0})


@dataclass(frozen=True)
class Chapter:
    """Something that happened to a finding: ``kind`` is opened, exempted, reopened, regraded,
    resolved (by ``transition``), owner, due, ticket (by ``change``) or comment."""

    at: datetime
    kind: str
    by: User | None = None
    transition: FindingTransition | None = None
    change: FindingChange | None = None
    comment: FindingComment | None = None

    @property
    def value(self) -> Any:
        """Return what was set, None for nothing."""
        if self.change is None:
            return None
        if self.kind == FindingChange.Field.OWNER:
            return self.change.owner.username if self.change.owner else None
        return self.change.due_at if self.kind == "due" else self.change.ticket or None


def story_of(finding: Finding) -> list[Chapter]:
    """Return all that happened to a finding, the oldest first; three queries."""
    transitions = FindingTransition.objects.filter(finding=finding).select_related("scan")
    changes = FindingChange.objects.filter(finding=finding).select_related("owner", "changed_by")
    told = [
        *[Chapter(each.at, each.change, transition=each) for each in transitions.order_by("id")],
        *[
            Chapter(each.changed_at, each.field, by=each.changed_by, change=each)
            for each in changes.order_by("id")
        ],
        *[
            Chapter(each.created_at, "comment", by=each.author, comment=each)
            for each in _comments().filter(finding=finding).order_by("id")
        ],
    ]
    return sorted(told, key=lambda chapter: chapter.at)


def _comments() -> QuerySet[FindingComment]:
    return FindingComment.objects.select_related("author", "redacted_by", "words", "finding")


def visible_comments(actor: Actor) -> QuerySet[FindingComment]:
    """Return the comments on findings that ``actor`` may see."""
    return _comments().filter(access.in_reach(actor, path="finding__workspace"))


def comment_by_uuid(actor: Actor, uuid: UUID) -> FindingComment:
    """Return that comment; raises NotFound for a missing or foreign one."""
    found = _comments().select_related("finding__workspace").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    place = found.finding.workspace
    access.require(actor, Permission.VIEW, place, subject=f"finding-comment/{uuid}")
    return found


def last_passed(finding: Finding) -> ScanResult | None:
    """Return the result of the last scan before the finding opened, if it was a pass."""
    unit = (
        ScanWorkspace.objects.filter(
            workspace=finding.workspace_id,
            completed_at__isnull=False,
            scan__as_of__lt=finding.opened_at,
        )
        .order_by("-scan__as_of")
        .select_related("scan")
        .first()
    )
    if unit is None:
        return None
    try:
        results = results_of(unit.scan)
    except Gone:  # they were let go by a rule of retention
        return None
    return results.filter(
        workspace=finding.workspace_id, identity=finding.identity, state=ResultState.PASS
    ).first()
