"""The journal entries behind what a dossier tells, so that each fact can be proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from audits.dossiers.dossier import Entry
from audits.reports.moments import moment
from core.canonical import sha256
from core.journal import columns_of, decode
from core.models import JournalEntry
from core.references import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from _typeshed import DataclassInstance

    from audits.dossiers.dossier import Dossier

    Fact = TypeVar("Fact", bound=DataclassInstance)

ACTIONS = (
    "registry.version.registered",
    "registry.version.deleted",
    "registry.version.described",
    "registry.version_tag.set",
    "registry.version_tag.removed",
    "registry.asset_tag.set",
    "registry.asset_tag.removed",
    "registry.artifacts.scanned",
    "registry.bundle.imported",
    "registry.card.written",
    "registry.card.submitted",
    "registry.card.reviewed",
    "registry.signature.added",
    "registry.signature.verified",
    "registry.lifecycle.changed",
    "registry.alias.moved",
    "registry.promotion.requested",
    "registry.promotion.reviewed",
    "registry.promotion.decided",
    "registry.promotion.completed",
    "registry.promotion.rolled_back",
    "registry.deployment.revised",
    "registry.deployment_state.reported",
    "policies.exemption.requested",
    "policies.exemption.granted",
    "policies.attestation.made",
)


@dataclass(frozen=True)
class _Told:
    entry: Entry
    data: dict[str, Any]
    after: dict[str, Any]

    def has(self, actions: str, **data: object) -> bool:
        """Tell whether it is of those actions, by their beginning, and says ``data``."""
        return self.entry.action.startswith(actions) and all(
            self.data.get(name) == value for name, value in data.items()
        )


class Journal:
    """The entries about what a dossier names, oldest first."""

    def __init__(self, told: Iterable[_Told]) -> None:
        self._told = tuple(told)

    @classmethod
    def about(cls, subjects: Iterable[str], *, workspaces: Iterable[UUID], at: datetime) -> Journal:
        """Read the entries of ``workspaces`` about ``subjects`` until ``at``; one query."""
        rows = (
            JournalEntry.objects.filter(
                subject__in=set(subjects),
                workspace__in=set(workspaces),
                action__in=ACTIONS,
                occurred_at__lte=at,
            )
            .select_related("sequence")
            .order_by("id")
        )
        return cls(_told(row) for row in rows)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return every entry."""
        return tuple(each.entry for each in self._told)

    def of(self, actions: str, *, subject: str = "", **data: object) -> tuple[str, ...]:
        """Return the ids of the entries whose action begins so, about ``subject`` with ``data``."""
        return tuple(
            each.entry.uuid
            for each in self._told
            if each.has(actions, **data) and subject in {"", each.entry.subject}
        )

    def tagged(self, key: str, version: str) -> tuple[str, ...]:
        """Return the id of the last entry that gave a tag of the version, or else of its asset,
        its value; none for a tag that it was registered with."""
        own = self.of("registry.version_tag.set", key=key, version=version)
        return (own or self.of("registry.asset_tag.set", key=key))[-1:]

    def last_move(self, alias: str, *, to: str) -> tuple[str, ...]:
        """Return the id of the last entry that says that ``alias`` points at the version ``to``."""
        moves = [
            each.entry.uuid
            for each in self._told
            if each.has("registry.alias.moved", alias=alias) and each.after.get("version") == to
        ]
        return tuple(moves[-1:])


def _told(row: JournalEntry) -> _Told:
    body, place = decode(row), getattr(row, "sequence", None)
    told = columns_of(body)
    entry = Entry(
        uuid=str(row.uuid),
        seq=place.seq if place else None,
        action=told.action,
        occurred_at=moment(told.occurred_at),
        subject=told.subject,
        digest=sha256(bytes(row.body)),
        roles=tuple(body["actor"]["roles"]),
    )
    return _Told(entry, body["data"], body["after"])


def subjects_of(dossier: Dossier, *, references: Iterable[str]) -> set[str]:
    """Return what entries about the facts of the dossier name as their subject; ``references`` are
    the full references that its version ever had."""
    assets = {within(each).rpartition("/")[0] for each in references}
    return {
        *references,
        *assets,
        *(f"attestation/{each.uuid}" for each in dossier.attestations),
        *(thing.uri for thing in dossier.things),
        *(each.result for each in dossier.evaluations),
        *(each.source for each in dossier.promotions),
        *(f"promotion/{each.uuid}" for each in dossier.promotions),
        *(f"{asset}@{each.name}" for asset in assets for each in dossier.aliases),
        *(each.deployment for each in dossier.deployments),
        *(f"exemption/{each.uuid}" for each in dossier.exemptions),
    }


def proven(dossier: Dossier, journal: Journal) -> Dossier:
    """Return the dossier with the entries behind each of its facts."""
    root = dossier.version
    card = dossier.card
    if card is not None:
        written = journal.of("registry.card.", version=root.uuid, revision=card.revision)
        card = replace(card, entries=written)
    return replace(
        dossier,
        card=card,
        things=_all(
            dossier.things,
            lambda each: journal.of("registry.version.registered", version=each.uuid),
        ),
        evaluations=_all(
            dossier.evaluations,
            lambda each: journal.of("registry.version.registered", subject=each.result),
        ),
        signatures=_all(
            dossier.signatures, lambda each: journal.of("registry.signature.", signature=each.uuid)
        ),
        promotions=_all(
            dossier.promotions, lambda each: journal.of("registry.promotion.", promotion=each.uuid)
        ),
        tags=_all(dossier.tags, lambda each: journal.tagged(each.key, root.uuid)),
        attestations=_all(
            dossier.attestations,
            lambda each: journal.of("policies.attestation.", attestation=each.uuid),
        ),
        aliases=_all(dossier.aliases, lambda each: journal.last_move(each.name, to=root.uuid)),
        deployments=_all(
            dossier.deployments,
            lambda each: journal.of(
                "registry.deployment", subject=each.deployment, revision=each.revision
            ),
        ),
        exemptions=_all(
            dossier.exemptions, lambda each: journal.of("policies.exemption.", exemption=each.uuid)
        ),
        entries=journal.entries,
    )


def _all(facts: Iterable[Fact], entries: Callable[[Fact], tuple[str, ...]]) -> tuple[Fact, ...]:
    return tuple(replace(fact, entries=entries(fact)) for fact in facts)
