"""Cards of versions, and what they lack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F

from core.canonical import canonical_digest
from registry import access
from registry.kinds import KINDS
from registry.kinds.cards import STAGES, required_by_default
from registry.models import Card, CardRequirement, CardRevision
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion, Workspace


@dataclass(frozen=True)
class CardText:
    """The card of a version as it reads now.

    ``is_in_spec`` tells a card that came inside the spec: it has no life of its own, and nobody
    can have reviewed it. ``revision`` counts from 1, and is 0 for such a card.
    """

    fields: Mapping[str, str]
    status: str
    digest: str
    revision: int = 0
    is_in_spec: bool = field(default=False)


def card_of(version: AssetVersion) -> CardText | None:
    """Return the card of a version: its own where it has one, else the one in its spec."""
    return cards_of([version]).get(version.pk)


def cards_of(versions: Iterable[AssetVersion]) -> dict[int, CardText]:
    """Return the cards of versions by id, in one query; versions without card are left out."""
    versions = list(versions)
    found: dict[int, CardText] = {}
    latest = CardRevision.objects.filter(
        card__version__in=versions, number=F("card__last_number")
    ).select_related("card")
    for revision in latest:
        card = revision.card
        found[card.version_id] = CardText(
            revision.fields, card.status, revision.digest, revision.number
        )
    for version in versions:
        if version.pk not in found and (text := _card_in_spec(version.spec.body)):
            found[version.pk] = text
    return found


def _card_in_spec(spec: Mapping[str, Any]) -> CardText | None:
    card = spec.get("card")
    if not isinstance(card, dict) or not card:
        return None
    return CardText(card, Card.Status.DRAFT.value, canonical_digest(card), is_in_spec=True)


def required_fields(
    workspace: Workspace, kind: str, stage: str, *, at: datetime | None = None
) -> list[str]:
    """Return the fields that a card of ``kind`` needs at ``stage`` by the workspace's word, else
    by default; ``at`` asks for an earlier time."""
    said = (
        CardRequirement.objects.as_of(at)
        .filter(workspace=workspace, kind=kind, stage=stage)
        .values_list("fields", flat=True)
        .first()
    )
    return list(required_by_default(kind, stage) if said is None else said)


def missing_fields(
    version: AssetVersion, stage: str, *, workspace: Workspace | None = None
) -> list[str]:
    """Return the fields that the card of ``version`` needs at ``stage`` and does not have.

    ``workspace`` is whose requirements count: the target of a promotion; else the version's own.
    """
    place = workspace or version.asset.workspace
    return missing_from(card_of(version), required_fields(place, version.asset.kind, stage))


def missing_from(card: CardText | None, required: Iterable[str]) -> list[str]:
    """Return those of the required fields that the card says nothing in."""
    fields = card.fields if card else {}
    return [name for name in required if not fields.get(name, "").strip()]


def described(version: AssetVersion) -> dict[str, Any]:
    """Return the card of a version with what it lacks at each stage, for its readers."""
    card = card_of(version)
    needed = requirements(version.asset.workspace, kinds=(version.asset.kind,))
    return {
        "version": version.uuid,
        "ref": str(reference_of(version)),
        "status": card.status if card else None,
        "origin": ("spec" if card.is_in_spec else "card") if card else None,
        "revision": card.revision if card else 0,
        "digest": card.digest if card else None,
        "fields": dict(card.fields) if card else {},
        "missing": {row["stage"]: missing_from(card, row["fields"]) for row in needed},
    }


def requirements(
    workspace: Workspace, *, kinds: Iterable[str] = tuple(KINDS)
) -> list[dict[str, Any]]:
    """Return what cards need in the workspace, by kind and stage, in one query."""
    said = {
        (row.kind, row.stage): row.fields
        for row in CardRequirement.objects.as_of(None).filter(workspace=workspace)
    }
    return [
        {
            "kind": kind,
            "stage": stage,
            "fields": said.get((kind, stage), list(required_by_default(kind, stage))),
            "is_default": (kind, stage) not in said,
        }
        for kind in kinds
        for stage in STAGES
    ]


def visible_cards(actor: Actor) -> QuerySet[Card]:
    """Return the cards of the versions that ``actor`` may see, with their versions."""
    reach = access.in_reach(actor, path="version__asset__workspace")
    return Card.objects.filter(reach).select_related("version__asset__workspace")


def revisions_of(version: AssetVersion) -> QuerySet[CardRevision]:
    """Return the revisions of the card of a version, with their reviews."""
    return (
        CardRevision.objects.filter(card__version=version)
        .select_related("written_by")
        .prefetch_related("reviews__taken_by")
    )
