"""How a version stood at a time: who answers for it, what names it, serves it and excuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from audits.dossiers.sources import person
from audits.dossiers.standing import Deployed, Exempted, Holder, Named
from audits.dossiers.subjects import Card, Signature
from audits.reports.moments import moment
from core.canonical import canonical_digest
from policies.queries.exemptions import exemptions_in_force
from registry.models import (
    AliasMove,
    AssetOwner,
    CardReview,
    CardRevision,
    DeploymentMember,
    DeploymentState,
    ModelSignature,
    SignatureVerification,
    TrustedKey,
)
from registry.queries.deployments import ACTUAL

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from registry.models import AssetVersion

# What the last step of a card's revision made of it.
AFTER = {
    CardReview.Step.SUBMITTED: "in_review",
    CardReview.Step.ACCEPTED: "accepted",
    CardReview.Step.RETURNED: "returned",
}


def owners_at(version: AssetVersion, *, at: datetime) -> tuple[Holder, ...]:
    """Return who owned the asset, whose creator is loaded; one query."""
    held = AssetOwner.objects.as_of(at).filter(asset=version.asset_id)
    found = tuple(
        Holder(row.user.username, is_group=False, is_default=False)
        if row.user
        else Holder(str(row.group), is_group=True, is_default=False)  # one of the two is there
        for row in held.select_related("user", "group").order_by("id")
    )
    creator = version.asset.created_by.username
    return found or (Holder(creator, is_group=False, is_default=True),)


def card_at(version: AssetVersion, *, at: datetime) -> Card | None:
    """Return the card as it read, the one in the spec where it had no own; two queries."""
    steps = CardReview.objects.filter(taken_at__lte=at).select_related("taken_by").order_by("id")
    row = (
        CardRevision.objects.filter(card__version=version, written_at__lte=at)
        .select_related("written_by")
        .prefetch_related(Prefetch("reviews", steps))
        .order_by("-number")
        .first()
    )
    if row is None:
        return _card_in_spec(version)
    last = next(iter(reversed(row.reviews.all())), None)
    judged = last if last and last.step != CardReview.Step.SUBMITTED else None
    return Card(
        fields=tuple(sorted(row.fields.items())),
        status=AFTER[CardReview.Step(last.step)] if last else "draft",
        revision=row.number,
        digest=row.digest,
        written_by=person(row.written_by),
        written_at=moment(row.written_at),
        reviewed_by=person(judged.taken_by) if judged else None,
        reviewed_at=moment(judged.taken_at) if judged else None,
    )


def _card_in_spec(version: AssetVersion) -> Card | None:
    fields = version.spec.body.get("card")
    if not isinstance(fields, dict) or not fields:
        return None
    told = tuple(sorted(fields.items()))
    return Card(told, "draft", 0, canonical_digest(fields), None, None, None, None)


def signatures_at(version: AssetVersion, *, at: datetime) -> tuple[Signature, ...]:
    """Return the signatures that were handed in by then, oldest first; three queries."""
    checks = SignatureVerification.objects.filter(verified_at__lte=at).order_by("id")
    rows = (
        ModelSignature.objects.filter(version=version, added_at__lte=at)
        .prefetch_related(Prefetch("verifications", checks))
        .order_by("id")
    )
    trusted = set(
        TrustedKey.objects.as_of(at)
        .filter(workspace=version.asset.workspace_id)
        .values_list("fingerprint", flat=True)
    )
    return tuple(_signature(row, trusted=trusted) for row in rows)


def _signature(row: ModelSignature, *, trusted: Collection[str]) -> Signature:
    last = next(iter(reversed(row.verifications.all())), None)
    return Signature(
        uuid=str(row.uuid),
        digest=row.digest,
        status=last.status if last else "unverified",
        signer=last.signer if last else "",
        is_trusted=last is not None and last.signer in trusted,
        tool=f"{last.tool} {last.tool_version}" if last else "",
        added_at=moment(row.added_at),
        verified_at=moment(last.verified_at) if last else None,
    )


def aliases_at(version: AssetVersion, *, at: datetime) -> tuple[Named, ...]:
    """Return the aliases that meant the version, by name; one query."""
    until = AliasMove.objects.filter(moved_at__lte=at)
    later = until.filter(asset=OuterRef("asset"), name=OuterRef("name"), pk__gt=OuterRef("pk"))
    moves = until.filter(to_version=version).exclude(Exists(later)).select_related("moved_by")
    return tuple(
        Named(row.name, moment(row.moved_at), person(row.moved_by), row.reason)
        for row in moves.order_by("name")
    )


def deployments_until(
    version: AssetVersion, *, places: Collection[int], at: datetime
) -> tuple[Deployed, ...]:
    """Return every time until ``at`` that a revision of a deployment in ``places`` served the
    version, oldest first; three queries."""
    served = DeploymentState.objects.filter(
        aspect=ACTUAL, state__in=DeploymentState.SERVING, valid_from__lte=at
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")))
    members = (
        DeploymentMember.objects.filter(
            version=version, revision__deployment__workspace__in=places, revision__set_at__lte=at
        )
        .select_related("revision__deployment__workspace")
        .prefetch_related(Prefetch("revision__states", served))
        .order_by("id")
    )
    found = [
        _deployed(member, state, at=at)
        for member in members
        for state in member.revision.states.all()
    ]
    return tuple(sorted(found, key=lambda each: (each.since, each.deployment, each.revision)))


def _deployed(member: DeploymentMember, state: DeploymentState, *, at: datetime) -> Deployed:
    row, until = member.revision, state.valid_to
    return Deployed(
        deployment=row.deployment.reference,
        revision=row.number,
        digest=row.digest,
        endpoint=row.endpoint,
        traffic=member.traffic,
        state=state.state,
        since=moment(state.valid_from),
        until=moment(until) if until and until <= at else None,
    )


def exemptions_at(version: AssetVersion, *, name: str, at: datetime) -> tuple[Exempted, ...]:
    """Return the exemptions in force that cover the version's asset, called ``name``, or all of
    its workspace; one query."""
    place, kind = version.asset.workspace, version.asset.kind
    rows = exemptions_in_force([place], at=at).rows
    return tuple(
        Exempted(
            uuid=str(row.uuid),
            subject=row.asset or place.slug,
            category=row.category,
            reason=row.reason,
            ticket=row.ticket,
            owner=person(row.owner),
            approved_by=person(row.approved_by),
            valid_from=moment(row.approved_at or row.valid_from),
            expires_at=moment(row.expires_at),
        )
        for row in rows
        if row.resource_id is None and row.asset in {"", f"{kind}/{name}"} and row.approved_by
    )
