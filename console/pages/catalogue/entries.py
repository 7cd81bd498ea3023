"""An entry of the catalogue as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import access
from registry.kinds import KINDS
from registry.models import CatalogueLabel, Lifecycle
from registry.permissions import Permission
from registry.queries.catalogue.excerpts import excerpt
from registry.queries.deployability import SERVING_KINDS
from registry.services.derivation import WAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from core.actors import Actor
    from registry.models import CatalogueEntry, CatalogueMetric
    from registry.queries.catalogue.excerpts import Piece

MAX_METRICS = 4
MAX_TAGS = 8
Field = CatalogueLabel.Field
UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k"))


@dataclass(frozen=True)
class Shown:
    """An entry with what is told of it and what the user may do with it."""

    entry: CatalogueEntry
    kind: str
    reference: str
    pieces: Sequence[Piece]
    facts: Sequence[str]
    aliases: Sequence[str]
    tags: Sequence[str]
    metrics: Sequence[CatalogueMetric]
    owners: Sequence[str]
    may_derive: bool
    may_deploy: bool


def entries_shown(
    actor: Actor, entries: Sequence[CatalogueEntry], *, query: str, may_register: bool
) -> list[Shown]:
    """Return the entries as cards; the rows of ``pages.shown`` cost no query each."""
    held = access.permissions_in(actor, {entry.workspace_id for entry in entries})
    return [
        _shown(
            entry,
            query=query,
            may_register=may_register,
            may_deploy=Permission.DEPLOY in held[entry.workspace_id],
        )
        for entry in entries
    ]


def _shown(entry: CatalogueEntry, *, query: str, may_register: bool, may_deploy: bool) -> Shown:
    kind, version = KINDS[entry.kind], entry.version
    name = f"{entry.workspace.slug}/{entry.kind}/{entry.name}"
    is_usable = version is not None and entry.lifecycle != Lifecycle.State.WITHDRAWN
    metrics = list(entry.metrics.all())
    return Shown(
        entry=entry,
        kind=kind.label,
        reference=f"{name}/{version.number}" if version else name,
        pieces=excerpt(entry.prose, query) if query.strip() else [],
        facts=_facts(entry),
        aliases=_labels(entry, Field.ALIAS),
        tags=_labels(entry, Field.TAG)[:MAX_TAGS],
        metrics=metrics[:MAX_METRICS],
        owners=_owners(entry),
        may_derive=is_usable and may_register and any(way in kind.link_roles for way in WAYS),
        may_deploy=is_usable and may_deploy and entry.kind in SERVING_KINDS,
    )


def _labels(entry: CatalogueEntry, field: str) -> list[str]:
    labels = entry.labels.all()
    return [label.value for label in labels if label.field == field]


def _facts(entry: CatalogueEntry) -> list[str]:
    told = [entry.task, entry.provider, entry.license]
    told += [f"{entry.risk_tier} risk"] if entry.risk_tier else []
    told += [f"{in_short(entry.parameters)} parameters"] if entry.parameters else []
    told += [f"context of {in_short(entry.context_length)}"] if entry.context_length else []
    if entry.price is not None:
        told.append(f"{_amount(entry.price)} {entry.currency} a million tokens")
    return [*(each for each in told if each), *_labels(entry, Field.MODALITY)]


def in_short(number: int) -> str:
    """Return a number with three digits at most, and a letter: 7B."""
    for unit, letter in UNITS:
        if number >= unit:
            return f"{number / unit:.3g}{letter}"
    return str(number)


def _amount(price: Decimal) -> str:
    text = f"{price:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _owners(entry: CatalogueEntry) -> list[str]:
    held = getattr(entry.asset, "open_owners", [])
    named = [row.user.username if row.user else row.group.name for row in held]
    return named or [entry.asset.created_by.username]
