"""The journal in words: recent changes of something, as far as the user may read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits import trail
from core.references import within

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

# The end of an id of version 7 is random; its start is the time.
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})")
# Stands beside the change that had policies asked, and tells no more.
ASKED = "policies.decision.recorded"
WORDS = {
    "core.access.denied": "was denied access to",
    "console.account.created": "created the account",
    "console.administrator.created": "created the administrator",
    "console.group.created": "created the group",
    "registry.workspace.created": "created the workspace",
    "registry.workspace.changed": "changed the workspace",
    "registry.role.granted": "granted a role in",
    "registry.role.ended": "ended a role in",
    "registry.token.issued": "issued the API token",
    "registry.token.revoked": "revoked the API token",
    "registry.version.registered": "registered",
    "registry.alias.moved": "moved the alias",
    "registry.experiment.created": "created",
    "registry.experiment.concluded": "concluded on",
    "registry.experiment.renamed": "renamed",
    "registry.experiment.deleted": "deleted",
    "registry.experiment.restored": "restored",
    "registry.experiment_tag.set": "tagged",
    "registry.experiment_tag.removed": "removed a tag of",
    "registry.run.started": "started",
    "registry.run.batch_logged": "logged to",
    "registry.run.finished": "said how it stands:",
    "registry.run.renamed": "renamed",
    "registry.run.deleted": "deleted",
    "registry.run.restored": "restored",
    "registry.run_tag.set": "tagged",
    "registry.run_tag.removed": "removed a tag of",
    "registry.promotion_rule.set": "set the approvals needed in",
    "registry.promotion.requested": "asked to promote",
    "registry.promotion.refused": "was refused the promotion of",
    "registry.promotion.decided": "decided on the promotion of",
    "registry.promotion.withdrawn": "withdrew the promotion of",
    "registry.promotion.expired": "let expire the promotion of",
    "registry.promotion.completed": "promoted",
    "policies.policy.version_created": "saved the policy",
    "policies.assignment.created": "assigned",
    "policies.assignment.ended": "ended the assignment of",
    "policies.set.version_created": "saved the policy set",
    "policies.exemption.requested": "asked for the exemption",
    "policies.exemption.granted": "granted the exemption",
    "policies.exemption.ended": "ended the exemption",
    "policies.resource.retired": "retired the resource",
    "policies.snapshot.submitted": "submitted the configuration of",
    "audits.scan.started": "started a scan of",
    "audits.scan.completed": "completed the scan of",
    "audits.finding.opened": "opened findings in",
    "audits.finding.reopened": "reopened findings in",
    "audits.finding.resolved": "resolved findings in",
    "audits.finding.exempted": "exempted findings in",
    "audits.report.requested": "asked for the report",
    "audits.report.completed": "completed the report",
    "audits.trail.exported": "exported the trail",
}


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
    entry: int


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
            who=entry.actor.username or ("a former account" if entry.actor.uuid else "Muniment"),
            verb=WORDS.get(entry.action) or entry.action.rpartition(".")[2].replace("_", " "),
            subject=short(entry.subject),
            workspace=entry.workspace or "",
            reason=entry.reason,
            refused=entry.outcome in {"refused", "denied"},
            entry=row.pk,
        )
        for row, entry in described
    ]


def short(subject: str) -> str:
    """Return a full reference without its scheme and instance, and a long id by its end."""
    if "://" in subject:
        return within(subject)
    return UUID.sub(lambda found: f"…{found[1]}", subject)
