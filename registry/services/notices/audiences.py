"""Whom a journal entry concerns, and why: one table from actions to audiences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from core.references import within
from registry.models import Asset, AssetOwner, AssetVersion, Notification, Watch, Workspace
from registry.permissions import Permission
from registry.queries.dependents import dependents_of
from registry.queries.owners import owns
from registry.queries.people import granted_to
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.journal import SequencedEntry

Reason = Notification.Reason


@dataclass(frozen=True)
class Audience:
    """Accounts that satisfy ``who`` and may see ``workspace`` are told of ``subject``."""

    reason: str
    who: Q
    workspace: Workspace
    subject: str


@dataclass(frozen=True)
class Told:
    """An entry with the workspace and the asset that it is about."""

    entry: SequencedEntry
    workspace: Workspace
    asset: Asset | None

    @property
    def data(self) -> dict[str, Any]:
        """Return the event's own fields."""
        return self.entry.data

    def audience(self, reason: str, who: Q) -> list[Audience]:
        """Return those accounts as an audience of the entry itself."""
        reference = within(self.entry.body["subject"]["ref"])
        return [Audience(reason, who, self.workspace, reference)]

    def people(self, reason: str, ids: Iterable[str | None]) -> list[Audience]:
        """Return the accounts with these public ids as an audience."""
        known = [UUID(text) for text in ids if _is_uuid(text)]
        return self.audience(reason, Q(uuid__in=known)) if known else []


def _is_uuid(text: Any) -> TypeGuard[str]:
    try:
        UUID(text or "")
    except (ValueError, AttributeError, TypeError):
        return False
    return True


def mentioned(told: Told) -> list[Audience]:
    """Accounts that a comment names."""
    return told.people(Reason.MENTION, told.data.get("mentioned", ()))


def assignee(told: Told) -> list[Audience]:
    """The account that was asked for something."""
    return told.people(Reason.ASSIGNMENT, [told.data.get("assignee")])


def assigner(told: Told) -> list[Audience]:
    """The account that had asked for something."""
    return told.people(Reason.ASSIGNMENT, [told.data.get("assigned_by")])


def replied_to(told: Told) -> list[Audience]:
    """The author of the comment that is replied to."""
    return told.people(Reason.REPLY, [told.data.get("parent_author")])


def requester(told: Told) -> list[Audience]:
    """The account that asked for the promotion."""
    return told.people(Reason.REQUESTER, [told.data.get("requested_by")])


def approvers(told: Told) -> list[Audience]:
    """Accounts whose roles let them decide in the workspace; not every superuser."""
    return told.audience(Reason.APPROVER, granted_to(Permission.APPROVE, told.workspace.pk))


def reviewers(told: Told) -> list[Audience]:
    """Accounts whose roles let them review cards."""
    return told.audience(Reason.APPROVER, granted_to(Permission.REVIEW_CARD, told.workspace.pk))


def card_author(told: Told) -> list[Audience]:
    """The account that wrote the revision of the card."""
    return told.people(Reason.REQUESTER, [told.data.get("author")])


def managers(told: Told) -> list[Audience]:
    """Accounts whose roles let them manage webhooks."""
    return told.audience(Reason.OWNER, granted_to(Permission.CHANGE_WORKSPACE, told.workspace.pk))


def stewards(told: Told) -> list[Audience]:
    """Accounts whose roles let them grant roles."""
    return told.audience(Reason.APPROVER, granted_to(Permission.MANAGE_MEMBERS, told.workspace.pk))


def deployers(told: Told) -> list[Audience]:
    """Accounts whose roles let them change deployments."""
    return told.audience(Reason.OWNER, granted_to(Permission.DEPLOY, told.workspace.pk))


def answerable(told: Told) -> list[Audience]:
    """The accounts that answer for what an entry tells of."""
    return told.people(Reason.OWNER, [told.data.get("owner"), *told.data.get("owners", ())])


def policy_admins(told: Told) -> list[Audience]:
    """Accounts whose roles let them assign policies, and so grant exemptions."""
    return told.audience(Reason.APPROVER, granted_to(Permission.ASSIGN_POLICY, told.workspace.pk))


def alarmed_owners(told: Told) -> list[Audience]:
    """The owners, of a scan that found something dangerous."""
    return owners(told) if told.data.get("verdict") == "dangerous" else []


def owners(told: Told) -> list[Audience]:
    """The owners of the asset."""
    if told.asset is None:
        return []
    return told.audience(Reason.OWNER, owns(told.asset.pk, at=told.entry.occurred_at))


def watchers(told: Told) -> list[Audience]:
    """Accounts that watch the asset or the workspace, and did when it happened."""
    wanted = Q(workspace=told.workspace, asset__isnull=True)
    if told.asset is not None:
        wanted |= Q(asset=told.asset)
    watching = Watch.objects.filter(
        wanted, user=OuterRef("pk"), created_at__lte=told.entry.occurred_at
    )
    return told.audience(Reason.WATCH, Q(Exists(watching)))


def dependents(told: Told) -> list[Audience]:
    """Owners of what was made from the version, each told of their own version alone."""
    version = _version(told.data.get("version"))
    if version is None:
        return []
    ids = dependents_of(version).version_ids
    rows = AssetVersion.objects.select_related("asset__workspace").in_bulk(ids)
    by_asset: dict[int, AssetVersion] = {}
    for row in (rows[pk] for pk in ids):
        by_asset.setdefault(row.asset_id, row)
    return [
        Audience(
            Reason.DEPENDENT,
            owns(asset_id, at=told.entry.occurred_at),
            row.asset.workspace,
            str(reference_of(row)),
        )
        for asset_id, row in by_asset.items()
    ]


def _version(text: Any) -> AssetVersion | None:
    return (
        AssetVersion.objects.select_related("asset").filter(uuid=text).first()
        if _is_uuid(text)
        else None
    )


# The first reason that holds for an account is the one it is told.
AUDIENCES: dict[str, tuple[Callable[[Told], list[Audience]], ...]] = {
    "registry.comment.added": (mentioned, replied_to, requester, owners, watchers),
    "registry.comment.edited": (mentioned,),
    "registry.assignment.made": (assignee,),
    "registry.assignment.closed": (assigner, assignee),
    "registry.access_request.made": (stewards,),
    "registry.access_request.granted": (requester,),
    "registry.owner.set": (owners, watchers),
    "registry.version.registered": (owners, watchers),
    "registry.alias.moved": (owners, watchers),
    "registry.promotion.requested": (approvers, watchers),
    "registry.promotion.reviewed": (requester, approvers),
    "registry.promotion.decided": (requester, watchers),
    "registry.promotion.refused": (requester, watchers),
    "registry.promotion.withdrawn": (approvers, watchers),
    "registry.promotion.expired": (requester, watchers),
    "registry.promotion.completed": (requester, owners, watchers),
    "registry.lifecycle.changed": (owners, dependents, watchers),
    "registry.version.deleted": (owners, watchers),
    "registry.asset.deleted": (owners, watchers),
    "registry.asset.renamed": (owners, watchers),
    "registry.card.submitted": (reviewers, watchers),
    "registry.card.reviewed": (card_author, owners, watchers),
    "registry.artifacts.scanned": (alarmed_owners,),
    "registry.evaluation.failed": (owners, watchers),
    "registry.evaluation.succeeded": (watchers,),
    "registry.reevaluation.requested": (owners, watchers),
    "registry.deployment.denied": (deployers, watchers),
    "registry.threshold.breached": (deployers, watchers),
    "registry.threshold.recovered": (deployers, watchers),
    "registry.drift.detected": (deployers, watchers),
    "registry.drift.ended": (deployers, watchers),
    "registry.webhook.disabled": (managers, watchers),
    "policies.exemption.requested": (policy_admins,),
    "policies.exemption.granted": (requester, answerable),
    "policies.exemption.ended": (requester, answerable),
    "policies.exemption.expiring": (answerable, requester, policy_admins),
    "policies.attestation.expiring": (answerable, policy_admins),
    "audits.risk.created": (answerable, watchers),
    "audits.risk.revised": (answerable, watchers),
    "audits.risk.accepted": (answerable, watchers),
    "audits.risk.review_overdue": (answerable, watchers),
    "audits.finding.assigned": (assignee, watchers),
    "audits.finding.due": (answerable, watchers),
    "audits.finding.commented": (mentioned, answerable, watchers),
    "audits.finding.reopened": (answerable, watchers),
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
        if found := _version(version):
            return found.asset
    if _is_uuid(text := entry.data.get("asset")):
        return Asset.objects.filter(uuid=text).first()
    return _named(entry.body["subject"]["ref"], workspace)


def _named(subject: str, workspace: Workspace) -> Asset | None:
    parts = subject.partition("@")[0].split("/")
    if len(parts) not in {3, 4} or parts[0] != workspace.slug:
        return None
    return Asset.objects.filter(workspace=workspace, kind=parts[1], name=parts[2]).first()
