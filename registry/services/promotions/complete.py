"""The final transaction of a promotion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from core.errors import Conflict
from core.journal import publish
from registry import access
from registry.events import PromotionCompleted
from registry.gates import base as gates
from registry.models import (
    Asset,
    AssetVersion,
    FrozenProvenance,
    Promotion,
    PromotionMember,
    Workspace,
)
from registry.permissions import Permission
from registry.queries.life import WITHDRAWN, in_state
from registry.queries.versions import full_reference, reference_of
from registry.services import aliases, carried_cards
from registry.services.contents import Content
from registry.services.promotions.proposals import event_fields, journalled
from registry.services.promotions.provenance import frozen_provenance
from registry.services.version_rows import ensure_asset, write_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.gates.base import Proposal, Verdict
    from registry.models import Approval
    from registry.services.promotions.proposals import Review

METRIC_COLUMNS = ("name", "value", "evaluator")
ARTIFACT_COLUMNS = ("path", "uri", "digest", "size", "media_type")


def complete(
    promotion: Promotion, reviewed: Review, *, actor: Actor, approvals: Sequence[Approval]
) -> Promotion:
    """Take the version and its members into the target, in the current transaction.

    Checks once more, under the lock on the target, that every verdict still stands and that the
    requester may still promote; raises Conflict where not, and the transaction rolls back.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=reviewed.proposal.target.pk)
    # Not as the requester was when the gates were asked, which may be a while ago.
    requester = access.afresh(reviewed.proposal.requested_by)
    proposal = replace(reviewed.proposal, requested_by=requester)
    _require_unchanged(proposal, reviewed.verdicts)
    copies, members = _copy_closure(proposal, actor=proposal.requested_by)
    result = copies[proposal.version.pk]
    promotion.status = Promotion.Status.COMPLETED
    promotion.target_version = result
    promotion.verdicts = reviewed.verdicts_as_json()
    promotion.binding = reviewed.binding
    promotion.closed_at = timezone.now()
    promotion.save()
    PromotionMember.objects.bulk_create(
        PromotionMember(promotion=promotion, **member) for member in members
    )
    _require_standing(proposal)
    provenance = _freeze(promotion, proposal, members=members, approvals=approvals)
    if proposal.alias:
        aliases.move_within(
            actor=proposal.requested_by,
            asset=result.asset,
            alias=proposal.alias,
            to=result,
            reason=proposal.reason,
            promotion=promotion.uuid,
        )
    publish(
        _event(promotion, reviewed, members=members, approvals=approvals, provenance=provenance),
        actor=actor,
        roles=access.roles(actor, promotion.target_id),
    )
    return promotion


def _require_unchanged(proposal: Proposal, verdicts: Sequence[Verdict]) -> None:
    if not access.allows(proposal.requested_by, Permission.PROMOTE, proposal.target.pk):
        raise Conflict("The requester may no longer promote into the target.")
    if not gates.all_still_stand(proposal, verdicts):
        raise Conflict(
            "What the gates looked at changed while the promotion was decided; try again."
        )


def _require_standing(proposal: Proposal) -> None:
    """Raise Conflict if a member was withdrawn or deleted just now.

    Both lock the version, which writing rows that point at it waits for: asked after these were
    written, this sees whichever came first.
    """
    members = [member.pk for member in proposal.closure.members]
    gone = AssetVersion.objects.filter(
        Q(in_state(WITHDRAWN)) | Q(tombstone__isnull=False), pk__in=members
    )
    if gone.exists():
        raise Conflict("A member was withdrawn or deleted while the promotion was completed.")


def _copy_closure(
    proposal: Proposal, *, actor: Actor
) -> tuple[dict[int, AssetVersion], list[dict[str, Any]]]:
    """Copy each member by reference, what is needed first, so that links point at copies."""
    copies: dict[int, AssetVersion] = {}
    members: list[dict[str, Any]] = []
    for source in proposal.closure.members:
        copy, is_reused = _copy(source, proposal, copies=copies, actor=actor)
        copies[source.pk] = copy
        members.append({"source_version": source, "target_version": copy, "is_reused": is_reused})
    return copies, members


def _copy(
    source: AssetVersion, proposal: Proposal, *, copies: dict[int, AssetVersion], actor: Actor
) -> tuple[AssetVersion, bool]:
    """Return the version in the target that stands for ``source``, and whether it was there.

    A member that lies in the target, or came there earlier, is used again; the promoted version
    itself always gets a number of its own.
    """
    if source.asset.workspace_id == proposal.target.pk:
        return source, True
    asset, _ = ensure_asset(
        proposal.target,
        source.asset.kind,
        source.asset.name,
        actor=actor,
        description=source.asset.description,
    )
    links = tuple((link.role, copies[link.target_id]) for link in proposal.closure.needs[source.pk])
    is_root = source.pk == proposal.version.pk
    if not is_root and (twin := standing_copy(asset, source, links)):
        return twin, True
    content = Content(
        spec=source.spec.body,
        spec_digest=source.spec_id,
        spec_size=source.spec.size,
        schema_version=source.schema_version,
        digest=source.digest,
        links=links,
        metrics=tuple(dict(row) for row in source.metrics.values(*METRIC_COLUMNS)),
        artifacts=tuple(dict(row) for row in source.artifacts.values(*ARTIFACT_COLUMNS)),
    )
    copy = write_version(asset, content, actor=actor, promoted_from=source)
    carried_cards.carry(copy, actor=actor)
    return copy, False


def standing_copy(
    asset: Asset, source: AssetVersion, links: tuple[tuple[str, AssetVersion], ...]
) -> AssetVersion | None:
    """Return the newest copy of ``source`` in ``asset`` that stands and has just these links."""
    wanted = {(role, target.pk) for role, target in links}
    copies = asset.versions.filter(
        ~in_state(WITHDRAWN),
        digest=source.digest,
        promoted_from=source,
        tombstone__isnull=True,
    )
    for twin in copies.order_by("-pk"):
        if set(twin.links.values_list("role", "target_id")) == wanted:
            twin.asset = asset
            return twin
    return None


def _freeze(
    promotion: Promotion,
    proposal: Proposal,
    *,
    members: list[dict[str, Any]],
    approvals: Sequence[Approval],
) -> FrozenProvenance:
    """Freeze the provenance of each new copy; return the promoted version's."""
    frozen: dict[int, FrozenProvenance] = {}
    for member in members:
        if member["is_reused"]:
            continue
        source, copy = member["source_version"], member["target_version"]
        body, digest = frozen_provenance(
            source, promotion=promotion, approvals=approvals, requested_by=proposal.requested_by
        )
        frozen[source.pk] = FrozenProvenance(version=copy, body=body, digest=digest)
    FrozenProvenance.objects.bulk_create(frozen.values())
    return frozen[proposal.version.pk]


def _event(
    promotion: Promotion,
    reviewed: Review,
    *,
    members: list[dict[str, Any]],
    approvals: Sequence[Approval],
    provenance: FrozenProvenance,
) -> PromotionCompleted:
    def point(version: AssetVersion) -> dict[str, Any]:
        return {
            "ref": str(reference_of(version)),
            "version": str(version.uuid),
            "digest": version.digest,
        }

    result = promotion.target_version
    assert result is not None  # the caller has just set it
    return PromotionCompleted(
        **event_fields(reviewed.proposal, binding=reviewed.binding),
        reason=promotion.reason,
        verdicts=journalled(promotion.verdicts),
        result={**point(result), "full_ref": full_reference(result)},
        members=[
            {
                "source": point(member["source_version"]),
                "target": point(member["target_version"]),
                "is_reused": member["is_reused"],
            }
            for member in members
        ],
        approvals=[
            {
                "approval": str(approval.uuid),
                "by": str(approval.decided_by.uuid),
                "at": approval.decided_at.isoformat(),
            }
            for approval in approvals
        ],
        provenance_digest=provenance.digest,
    )
