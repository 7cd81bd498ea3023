"""Take the card of a version along when it is promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.journal import publish
from registry import access
from registry.events import CardWritten
from registry.models import Card, CardReview, CardRevision
from registry.queries.versions import full_reference

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import AssetVersion


def carry(version: AssetVersion, *, actor: Actor) -> None:
    """Give a promoted version the card of its source, in the current transaction.

    The last revision comes with its digest, its status, who wrote it and who reviewed it; it is
    the first revision of the new card. A source without a card of its own gives none.
    """
    last = (
        CardRevision.objects.filter(card__version=version.promoted_from_id)
        .select_related("card")
        .order_by("-number")
        .first()
    )
    if version.promoted_from_id is None or last is None:
        return
    card = Card.objects.create(version=version, status=last.card.status, last_number=1)
    revision = CardRevision.objects.create(
        card=card,
        number=1,
        fields=last.fields,
        digest=last.digest,
        reason=last.reason,
        written_by_id=last.written_by_id,
        written_at=last.written_at,
    )
    CardReview.objects.bulk_create(
        CardReview(
            revision=revision,
            step=review.step,
            comment=review.comment,
            author_id=review.author_id,
            taken_by_id=review.taken_by_id,
            taken_at=review.taken_at,
        )
        for review in last.reviews.order_by("id")
    )
    _tell(card, revision, version, actor=actor)


def _tell(card: Card, revision: CardRevision, version: AssetVersion, *, actor: Actor) -> None:
    workspace = version.asset.workspace
    event = CardWritten(
        subject=full_reference(version),
        workspace=workspace.uuid,
        digest=version.digest,
        before={"status": None},
        after={"status": str(card.status)},
        card=str(card.uuid),
        version=str(version.uuid),
        revision=revision.number,
        card_digest=revision.digest,
        reason="taken along by a promotion",
        changed=sorted(revision.fields),
    )
    publish(event, actor=actor, roles=access.roles(actor, workspace.pk))
