"""Register one entry, and tell what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.canonical import sha256
from core.errors import DomainError
from registry.importers.entries import Unusable, Wrong
from registry.models import Alias, AssetOwner, AssetVersion
from registry.queries.versions import asset_reference, reference_of
from registry.services import aliases, documents, owners
from registry.services.imports.remotes import IDENTITY, resolved

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.importers.entries import Entry
    from registry.services.imports.orders import Order

CREATED, UNCHANGED, FAILED = "created", "unchanged", "failed"
MAX_TEXT = 2_000


@dataclass
class Outcome:
    """What became of an entry.

    ``follows`` is the version that was imported earlier from the same thing there, where that
    reads otherwise by now; ``kept`` names what stands beside the version here and reads otherwise
    there; ``aliases`` point at it there, and ``aliases_left`` at another version here.
    """

    place: str
    outcome: str
    ref: str = ""
    name: str = ""
    follows: str = ""
    kept: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    aliases_left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)


def take(
    entry: Entry | Unusable, order: Order, *, actor: Actor, refusals: list[DomainError]
) -> Outcome:
    """Register what an entry describes, in a transaction of its own; wrong input is told.

    What fails also goes to ``refusals``, for whoever journals them once the transaction is over.
    Taking it again makes nothing new. Content that differs from what was imported before becomes
    a new version; what differs beside it is kept as it is here, and told.
    """
    if isinstance(entry, Unusable):
        return _failed(entry.place, entry.name, entry.problems)
    name = str(entry.document["name"])
    try:
        with transaction.atomic():
            return _register(entry, order, actor=actor)
    except DomainError as error:
        refusals.append(error)
        told = tuple(Wrong(one.field, one.reason) for one in error.errors)
        return _failed(entry.place, name, told or (Wrong("", error.detail),))


def _failed(place: str, name: str, problems: tuple[Wrong, ...]) -> Outcome:
    return Outcome(place, FAILED, name=name, problems=[asdict(problem) for problem in problems])


def _register(entry: Entry, order: Order, *, actor: Actor) -> Outcome:
    document, notes = dict(entry.document), list(entry.notes)
    workspace = document.get("workspace") or order.workspace
    links, unknown = resolved(entry.remotes, order, workspace=workspace, actor=actor)
    document["links"] = [*document.get("links", ()), *links]
    notes += unknown
    earlier = _earlier(entry, document, workspace)
    if entry.identity:
        document["tags"] = {**document.get("tags", {}), IDENTITY: entry.identity}
    done = documents.import_document(
        actor=actor,
        document=document,
        workspace=workspace,
        reason=_reason(entry, order),
        origin=document.get("origin") or _origin(entry, order),
        is_keeping=True,
    )
    version = done.version
    _own(entry, version, actor=actor, reason=_reason(entry, order))
    left = _point(entry, version, order, actor=actor)
    follows = earlier if done.is_new and earlier not in (None, version) else None
    return Outcome(
        entry.place,
        CREATED if done.is_new else UNCHANGED,
        ref=str(reference_of(version)),
        name=version.asset.name,
        follows=str(reference_of(follows)) if follows else "",
        kept=list(done.kept),
        aliases=list(entry.aliases),
        aliases_left=left,
        notes=notes,
    )


def _earlier(entry: Entry, document: dict[str, Any], workspace: str) -> AssetVersion | None:
    """Return the newest version that was imported from the same thing."""
    if not entry.identity:
        return None
    return (
        AssetVersion.objects.filter(
            asset__workspace__slug=workspace,
            asset__kind=document["kind"],
            asset__name=document["name"],
            tombstone__isnull=True,
            tags__key=IDENTITY,
            tags__value=entry.identity,
        )
        .select_related("asset__workspace")
        .order_by("-number")
        .first()
    )


def _reason(entry: Entry, order: Order) -> str:
    return order.reason or f"imported from {order.source or order.format}, {entry.place}"[:MAX_TEXT]


def _origin(entry: Entry, order: Order) -> dict[str, str]:
    """Return where a version of a list comes from: its own address, else the list's."""
    spec = entry.document["spec"]
    source = spec.get("source")
    address = source.get("uri", "") if isinstance(source, dict) else ""
    if isinstance(address, str) and address:
        return {"source": address[:MAX_TEXT], "download_uri": address[:MAX_TEXT]}
    called = order.source or sha256(str(order.content).encode())
    return {"source": f"{order.format}:{called}#{entry.place}"[:MAX_TEXT]}


def _own(entry: Entry, version: AssetVersion, *, actor: Actor, reason: str) -> None:
    """Make the accounts that the entry names owners of the asset, unless they are."""
    if not entry.owners:
        return
    held = AssetOwner.objects.filter(asset=version.asset, valid_to__isnull=True)
    standing = set(held.values_list("user__username", flat=True))
    for username in entry.owners:
        if username not in standing:
            asset = str(asset_reference(version.asset))
            owners.add(actor=actor, asset=asset, username=username, reason=reason)


def _point(entry: Entry, version: AssetVersion, order: Order, *, actor: Actor) -> list[str]:
    """Move the aliases of the entry where that was asked for; return those that stay elsewhere."""
    if not entry.aliases:
        return []
    here = Alias.objects.filter(asset=version.asset, name__in=entry.aliases)
    standing = dict(here.values_list("name", "version_id"))
    elsewhere = [name for name in entry.aliases if standing.get(name) != version.pk]
    if not order.is_moving_aliases:
        return elsewhere
    for name in elsewhere:
        aliases.move(
            actor=actor,
            asset=str(asset_reference(version.asset)),
            alias=name,
            to=version.number,
            reason=_reason(entry, order),
        )
    return []
