"""Audiences: whom what is told concerns, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from core.references import within
from registry.models import Asset, AssetVersion, Notification, Watch, Workspace
from registry.permissions import Permission
from registry.queries.dependents import dependents_of
from registry.queries.owners import owns
from registry.queries.people import granted_to
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        known = [UUID(text) for text in ids if is_uuid(text)]
        return self.audience(reason, Q(uuid__in=known)) if known else []


def is_uuid(text: Any) -> TypeGuard[str]:
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


def responsible(told: Told) -> list[Audience]:
    """The account that sees to findings; where nobody does, those who may give them to somebody."""
    if told.data.get("owner"):
        return answerable(told)
    return told.audience(Reason.OWNER, granted_to(Permission.TRIAGE_FINDINGS, told.workspace.pk))


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
    version = version_by(told.data.get("version"))
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


def version_by(text: Any) -> AssetVersion | None:
    return (
        AssetVersion.objects.select_related("asset").filter(uuid=text).first()
        if is_uuid(text)
        else None
    )
