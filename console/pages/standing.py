"""How a version stands: its state, card, content scan, signatures, tags and description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import access
from registry.kinds.cards import card_fields
from registry.permissions import Permission
from registry.queries.cards import CardText, card_of, missing_fields, revisions_of
from registry.queries.life import standing_of
from registry.queries.scans import ScanSummary, verdict_of
from registry.queries.signatures import signatures_of
from registry.storage import is_stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.models import (
        AssetVersion,
        CardRevision,
        Lifecycle,
        ModelSignature,
        SignatureVerification,
        Tombstone,
        VersionArtifact,
        VersionTag,
    )

REVISIONS = 20


@dataclass(frozen=True)
class ShownCard:
    """The card with its fields in the order of the schema, and what its own stage lacks."""

    text: CardText | None
    fields: list[tuple[str, str]]
    missing: list[str]
    revisions: list[tuple[CardRevision, list[str]]]


@dataclass(frozen=True)
class Standing:
    """Everything beside the content that says whether the version may be used, and by whom the
    user may be asked to change it."""

    state: Lifecycle | None
    tombstone: Tombstone | None
    description: str
    tags: list[VersionTag]
    card: ShownCard
    scan: ScanSummary
    artifacts: list[tuple[VersionArtifact, bool]]
    signatures: list[tuple[ModelSignature, SignatureVerification | None]]
    may_edit: bool
    may_change_state: bool
    may_delete: bool
    may_review: bool


def standing(actor: Actor, version: AssetVersion) -> Standing:
    """Return how ``version`` stands; it must be one that ``actor`` may see."""
    held = access.permissions(actor, version.asset.workspace_id)
    tombstone = getattr(version, "tombstone", None)
    details = getattr(version, "details", None)
    there = tombstone is None
    signed = signatures_of(actor, version.uuid) if there else []
    return Standing(
        state=standing_of(version),
        tombstone=tombstone,
        description=details.description if details else "",
        tags=list(version.tags.order_by("key")[:100]),
        card=_card(version),
        scan=verdict_of(version),
        artifacts=[(each, is_stored(each.uri)) for each in version.artifacts.order_by("path")],
        signatures=[(each, next(iter(each.verifications.all()), None)) for each in signed],
        may_edit=there and Permission.EDIT_ASSET in held,
        may_change_state=there and Permission.CHANGE_LIFECYCLE in held,
        may_delete=there and Permission.DELETE_VERSION in held,
        may_review=there and Permission.REVIEW_CARD in held,
    )


def _card(version: AssetVersion) -> ShownCard:
    text = card_of(version)
    known = text.fields if text else {}
    order = [name for name in card_fields(version.asset.kind) if known.get(name)]
    revisions = list(revisions_of(version).order_by("-number")[: REVISIONS + 1])
    return ShownCard(
        text,
        [(name, known[name]) for name in order],
        missing_fields(version, version.asset.workspace.stage),
        _changes(revisions)[:REVISIONS],
    )


def _changes(newest_first: Sequence[CardRevision]) -> list[tuple[CardRevision, list[str]]]:
    """Return each revision with the names of the fields that it changed."""
    found = []
    for place, revision in enumerate(newest_first):
        older = newest_first[place + 1].fields if place + 1 < len(newest_first) else {}
        names = sorted({*revision.fields, *older})
        changed = [name for name in names if revision.fields.get(name) != older.get(name)]
        found.append((revision, changed))
    return found
