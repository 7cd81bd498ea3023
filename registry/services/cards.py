"""Write cards, and review them: nobody reviews what they wrote last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.canonical import canonical_digest
from core.errors import AccessDenied, Conflict, Denial, FieldError, InvalidInput, NotFound
from core.journal import publish
from core.preconditions import ANY_STATE, require_state, state_tag
from registry import access
from registry.events import CardReviewed, CardSubmitted, CardWritten
from registry.kinds.cards import card_problems
from registry.models import Asset, Card, CardReview, CardRevision
from registry.models.card import CARD_DECISIONS
from registry.permissions import Permission
from registry.queries.cards import missing_fields
from registry.queries.versions import full_reference, reference_of, version_by_uuid
from registry.services.locking import still_stands
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor
    from core.models import User
    from core.preconditions import Expected
    from registry.models import AssetVersion

DECISIONS = tuple(decision for decision, _ in CARD_DECISIONS)
MAX_COMMENT = 4_000


def tag_of(version: AssetVersion) -> str:
    """Return the tag of the present state of the version's card."""
    card = Card.objects.filter(version=version).first()
    return _tag(version, card)


def _tag(version: AssetVersion, card: Card | None) -> str:
    number, status = (card.last_number, card.status) if card else (0, "")
    return state_tag({"version": str(version.uuid), "revision": number, "status": status})


def write(
    *,
    actor: Actor,
    version: UUID,
    fields: Mapping[str, Any],
    expected: Expected = ANY_STATE,
    reason: str = "",
) -> Card:
    """Write a revision of the card of a version, which makes the card a draft again.

    Equal text is no new revision and changes nothing. Needs edit_asset. Raises InvalidInput with
    all that is wrong with the fields, PreconditionFailed when the card is not as ``expected``.
    """
    found = version_by_uuid(actor, version)
    writer = _person(actor, found, Permission.EDIT_ASSET)
    check_reason(found.asset.workspace, reason)
    if problems := card_problems(found.asset.kind, fields):
        errors = [FieldError(problem.path, problem.reason) for problem in problems]
        raise InvalidInput(f"{errors[0].field}: {errors[0].reason}", errors=errors)
    with transaction.atomic():
        card = _locked(found)
        require_state(expected, actual=_tag(found, card))
        before = _latest(card) if card else None
        if card is not None and before is not None and before.fields == fields:
            return card
        return _write_revision(
            card or Card(version=found), fields, before=before, actor=actor, by=writer, why=reason
        )


def _person(actor: Actor, version: AssetVersion, permission: Permission) -> User:
    access.require(actor, permission, version.asset.workspace, subject=str(reference_of(version)))
    if actor.user is None:
        raise InvalidInput("Only a user writes and reviews cards.")
    return actor.user


def _locked(version: AssetVersion) -> Card | None:
    """Return the card, under the lock of its asset: there may be no row of its own to lock."""
    Asset.objects.select_for_update(no_key=True).get(pk=version.asset_id)
    still_stands(version)
    card = Card.objects.filter(version=version).first()
    if card is not None:
        card.version = version
    return card


def _latest(card: Card) -> CardRevision:
    return card.revisions.select_related("written_by").get(number=card.last_number)


def _write_revision(
    card: Card,
    fields: Mapping[str, Any],
    *,
    before: CardRevision | None,
    actor: Actor,
    by: User,
    why: str,
) -> Card:
    status = card.status if before else None
    card.last_number += 1
    card.status = Card.Status.DRAFT
    card.updated_at = timezone.now()
    card.save()
    revision = CardRevision.objects.create(
        card=card,
        number=card.last_number,
        fields=dict(fields),
        digest=canonical_digest(dict(fields)),
        reason=why,
        written_by=by,
        written_at=card.updated_at,
    )
    old = before.fields if before else {}
    changed = sorted(key for key in {*old, *fields} if old.get(key) != fields.get(key))
    publish(
        CardWritten(**_event_fields(card, revision, was=status), reason=why, changed=changed),
        actor=actor,
        roles=access.roles(actor, card.version.asset.workspace_id),
    )
    return card


def _event_fields(card: Card, revision: CardRevision, *, was: str | None) -> dict[str, Any]:
    version = card.version
    return {
        "subject": full_reference(version),
        "workspace": version.asset.workspace.uuid,
        "digest": version.digest,
        "before": {"status": was},
        "after": {"status": str(card.status)},
        "card": str(card.uuid),
        "version": str(version.uuid),
        "revision": revision.number,
        "card_digest": revision.digest,
    }


def submit(*, actor: Actor, version: UUID, comment: str = "") -> Card:
    """Ask for a review of the card's last revision. Needs edit_asset.

    Raises Conflict for a card that waits or is accepted already, or that lacks a field which the
    workspace's own stage requires.
    """
    found = version_by_uuid(actor, version)
    person = _person(actor, found, Permission.EDIT_ASSET)
    _require_comment(comment)
    with transaction.atomic():
        card = _existing(found)
        if card.status not in {Card.Status.DRAFT, Card.Status.RETURNED}:
            raise Conflict(f"The card is {card.status}; only a draft is submitted.")
        _require_fields(found)
        return _take(card, CardReview.Step.SUBMITTED, actor=actor, by=person, comment=comment)


def review(*, actor: Actor, version: UUID, decision: str, revision: int, comment: str = "") -> Card:
    """Accept or return revision number ``revision`` of the card, which must be the last one.

    Needs review_card, and that somebody else wrote the revision; a return says why in
    ``comment``. Raises InvalidInput, AccessDenied, or Conflict for a card that is not in review,
    has changed, or lacks a required field.
    """
    if decision not in DECISIONS:
        raise InvalidInput.of("decision", f"must be one of {', '.join(DECISIONS)}")
    _require_comment(comment)
    if decision == CardReview.Step.RETURNED and not comment.strip():
        raise InvalidInput.of("comment", "must say what is to be changed")
    found = version_by_uuid(actor, version)
    person = _person(actor, found, Permission.REVIEW_CARD)
    with transaction.atomic():
        card = _existing(found)
        if card.last_number != revision:
            raise Conflict(
                f"The card is at revision {card.last_number}, not at {revision}; read it again.",
                extra={"revision": card.last_number},
            )
        _require_another(actor, found, _latest(card))
        if card.status != Card.Status.IN_REVIEW:
            raise Conflict(f"The card is {card.status}; only a card in review is decided on.")
        if decision == CardReview.Step.ACCEPTED:
            _require_fields(found)
        return _take(card, CardReview.Step(decision), actor=actor, by=person, comment=comment)


def _existing(version: AssetVersion) -> Card:
    card = _locked(version)
    if card is None:
        raise NotFound
    return card


def _require_comment(comment: str) -> None:
    if len(comment) > MAX_COMMENT:
        raise InvalidInput.of("comment", f"must have at most {MAX_COMMENT} characters")


def _require_another(actor: Actor, version: AssetVersion, revision: CardRevision) -> None:
    if actor.user != revision.written_by:
        return
    denial = Denial(
        Permission.REVIEW_CARD.value, str(reference_of(version)), version.asset.workspace.uuid
    )
    raise AccessDenied("Nobody reviews what they wrote last.", denial=denial)


def _require_fields(version: AssetVersion) -> None:
    stage = version.asset.workspace.stage
    if missing := missing_fields(version, stage):
        raise Conflict(
            f"A card of a {version.asset.kind} in {stage} also needs {', '.join(missing)}.",
            extra={"missing": missing},
        )


STATUS_AFTER = {
    CardReview.Step.SUBMITTED: Card.Status.IN_REVIEW,
    CardReview.Step.ACCEPTED: Card.Status.ACCEPTED,
    CardReview.Step.RETURNED: Card.Status.RETURNED,
}


def _take(card: Card, step: CardReview.Step, *, actor: Actor, by: User, comment: str) -> Card:
    revision, was, now = _latest(card), str(card.status), timezone.now()
    card.status, card.updated_at = STATUS_AFTER[step], now
    card.save(update_fields=["status", "updated_at"])
    CardReview.objects.create(
        revision=revision,
        step=step,
        comment=comment,
        author=revision.written_by,
        taken_by=by,
        taken_at=now,
    )
    told = _event_fields(card, revision, was=was)
    if step is CardReview.Step.SUBMITTED:
        event: CardSubmitted | CardReviewed = CardSubmitted(**told, reason=comment)
    else:
        event = CardReviewed(
            **told, reason=comment, decision=step.value, author=str(revision.written_by.uuid)
        )
    publish(event, actor=actor, roles=access.roles(actor, card.version.asset.workspace_id))
    return card
