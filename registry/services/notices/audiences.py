"""Whom a journal entry concerns, and why: one table from actions to audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from registry.models import Asset, AssetOwner, Watch, Workspace
from registry.services.notices import people
from registry.services.notices.people import Told, is_uuid, version_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.journal import SequencedEntry
    from registry.services.notices.people import Audience

# The first reason that holds for an account is the one it is told.
AUDIENCES: dict[str, tuple[Callable[[Told], list[Audience]], ...]] = {
    "registry.comment.added": (
        people.mentioned,
        people.replied_to,
        people.requester,
        people.owners,
        people.watchers,
    ),
    "registry.comment.edited": (people.mentioned,),
    "registry.assignment.made": (people.assignee,),
    "registry.assignment.closed": (people.assigner, people.assignee),
    "registry.access_request.made": (people.stewards,),
    "registry.access_request.granted": (people.requester,),
    "registry.owner.set": (people.owners, people.watchers),
    "registry.version.registered": (people.owners, people.watchers),
    "registry.alias.moved": (people.owners, people.watchers),
    "registry.promotion.requested": (people.approvers, people.watchers),
    "registry.promotion.reviewed": (people.requester, people.approvers),
    "registry.promotion.decided": (people.requester, people.watchers),
    "registry.promotion.refused": (people.requester, people.watchers),
    "registry.promotion.withdrawn": (people.approvers, people.watchers),
    "registry.promotion.expired": (people.requester, people.watchers),
    "registry.promotion.completed": (people.requester, people.owners, people.watchers),
    "registry.lifecycle.changed": (people.owners, people.dependents, people.watchers),
    "registry.version.deleted": (people.owners, people.watchers),
    "registry.asset.deleted": (people.owners, people.watchers),
    "registry.asset.renamed": (people.owners, people.watchers),
    "registry.card.submitted": (people.reviewers, people.watchers),
    "registry.card.reviewed": (people.card_author, people.owners, people.watchers),
    "registry.artifacts.scanned": (people.alarmed_owners,),
    "registry.evaluation.failed": (people.owners, people.watchers),
    "registry.evaluation.succeeded": (people.watchers,),
    "registry.reevaluation.requested": (people.owners, people.watchers),
    "registry.deployment.denied": (people.deployers, people.watchers),
    "registry.threshold.breached": (people.deployers, people.watchers),
    "registry.threshold.recovered": (people.deployers, people.watchers),
    "registry.drift.detected": (people.deployers, people.watchers),
    "registry.drift.ended": (people.deployers, people.watchers),
    "registry.webhook.disabled": (people.managers, people.watchers),
    "policies.exemption.requested": (people.policy_admins,),
    "policies.exemption.granted": (people.requester, people.answerable),
    "policies.exemption.ended": (people.requester, people.answerable),
    "policies.exemption.expiring": (people.answerable, people.requester, people.policy_admins),
    "policies.attestation.expiring": (people.answerable, people.policy_admins),
    "audits.risk.created": (people.answerable, people.watchers),
    "audits.risk.revised": (people.answerable, people.watchers),
    "audits.risk.accepted": (people.answerable, people.watchers),
    "audits.risk.review_overdue": (people.answerable, people.watchers),
    "audits.finding.assigned": (people.assignee, people.watchers),
    "audits.finding.due": (people.answerable, people.watchers),
    "audits.finding.due_soon": (people.responsible, people.watchers),
    "audits.finding.overdue": (people.responsible, people.watchers),
    "audits.finding.commented": (people.mentioned, people.answerable, people.watchers),
    "audits.finding.reopened": (people.answerable, people.watchers),
}


# What everybody does all day, and mostly to what is their own and nobody watches.
EVERYDAY = frozenset({"registry.version.registered", "registry.alias.moved"})


def concerning(entries: Sequence[SequencedEntry]) -> list[SequencedEntry]:
    """Return those of ``entries`` that may have an audience, in one query for all.

    An everyday entry has none where its actor made the asset, no owner was ever named, and nobody
    watches the asset or its workspace.
    """
    told = [entry for entry in entries if entry.action in AUDIENCES]
    everyday = {entry.data["asset"] for entry in told if entry.action in EVERYDAY}
    makers = _unfollowed(everyday) if everyday else {}
    return [
        entry
        for entry in told
        if entry.action not in EVERYDAY
        or makers.get(entry.data["asset"]) != entry.body["actor"]["id"]
    ]


def _unfollowed(assets: Iterable[str]) -> dict[str, str]:
    """Return who made each of the assets that nobody was named an owner of or watches."""
    of_asset = Watch.objects.filter(asset=OuterRef("pk"))
    of_place = Watch.objects.filter(asset__isnull=True, workspace=OuterRef("workspace"))
    named = AssetOwner.objects.filter(asset=OuterRef("pk"))
    rows = Asset.objects.filter(
        ~Exists(of_asset), ~Exists(of_place), ~Exists(named), uuid__in=assets
    )
    return {str(asset): str(maker) for asset, maker in rows.values_list("uuid", "created_by__uuid")}


def audiences_of(entry: SequencedEntry) -> list[Audience]:
    """Return whom ``entry`` concerns, the strongest reason first; nobody for most entries."""
    rules = AUDIENCES.get(entry.action, ())
    workspace = (
        Workspace.objects.filter(uuid=entry.body["workspace"]).first()
        if rules and entry.body["workspace"]
        else None
    )
    if workspace is None:
        return []
    told = Told(entry, workspace, _asset(entry, workspace))
    return [audience for rule in rules for audience in rule(told)]


def _asset(entry: SequencedEntry, workspace: Workspace) -> Asset | None:
    """Return the asset that an entry names by id, or by its subject; of a promotion, the one that
    it made."""
    result = entry.data.get("result")
    made = result.get("version") if isinstance(result, dict) else None
    for version in (made, entry.data.get("version"), entry.data.get("evaluates")):
        if found := version_by(version):
            return found.asset
    if is_uuid(text := entry.data.get("asset")):
        return Asset.objects.filter(uuid=text).first()
    return _named(entry.body["subject"]["ref"], workspace)


def _named(subject: str, workspace: Workspace) -> Asset | None:
    parts = subject.partition("@")[0].split("/")
    if len(parts) not in {3, 4} or parts[0] != workspace.slug:
        return None
    return Asset.objects.filter(workspace=workspace, kind=parts[1], name=parts[2]).first()
