"""Read the journal: who did what, when, with which roles, on what evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from audits.queries.log import inclusion
from audits.queries.trail_names import below, called, slugs_of, usernames_of
from audits.queries.trail_windows import ordering, windows
from audits.queries.trail_words import Marks, with_words
from core.canonical import sha256
from core.errors import Denial, NotFound
from core.journal import columns_of, decode, is_authentic
from core.models import JournalEntry
from registry import access
from registry.permissions import Permission
from registry.queries.issuers import issuers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from audits.queries.log import InclusionProof
    from core.actors import Actor

CHUNK = 1_000
FEW = 50


@dataclass(frozen=True, kw_only=True)
class TrailQuery:
    """Which entries are asked for; an empty field asks for all.

    ``action`` also takes the first words of one (``registry.promotion``), ``subject`` also what
    lies below it (an asset's versions and aliases). ``since`` is inclusive, ``until`` is not.
    ``username`` is a name under which somebody acted, or has now. ``q``, ``role``, ``credential``
    and ``evidence`` (a digest or an id that the entry names) find an entry once it has its place
    in the order, which takes a second.
    """

    workspace: str = ""
    action: str = ""
    actor: UUID | None = None
    subject: str = ""
    outcome: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""
    username: str = ""
    via: str = ""
    role: str = ""
    credential: str = ""
    evidence: str = ""

    @property
    def marks(self) -> Marks:
        """Return what is asked of the marks of an entry."""
        return Marks(role=self.role, credential=self.credential, evidence=self.evidence)

    def given(self) -> dict[str, str]:
        """Return the fields that are set, as text."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Issuer:
    """The account that issued a token for another one."""

    uuid: str
    username: str | None


@dataclass(frozen=True)
class TrailActor:
    """Who acted. ``username`` is None for the system, and for a person who was erased.

    ``on_behalf_of`` is who issued the token that was used, where that was another account.
    """

    uuid: str | None
    kind: str
    username: str | None
    roles: tuple[str, ...]
    via: str
    credential: str
    on_behalf_of: Issuer | None


@dataclass(frozen=True)
class TrailEntry:
    """One entry as people read it; ``seq`` is None until the sequencer has placed it."""

    seq: int | None
    uuid: UUID
    occurred_at: datetime
    action: str
    outcome: str
    actor: TrailActor
    workspace: str | None
    subject: str
    digest: str | None
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    data: dict[str, Any]
    request_id: str


@dataclass(frozen=True)
class TrailDetail(TrailEntry):
    """An entry with the canonical bytes that it stands on, their digest, and whether their HMAC
    proves that this service wrote them."""

    body: str
    body_digest: str
    is_authentic: bool


def entries(actor: Actor, query: TrailQuery) -> QuerySet[JournalEntry]:
    """Return the entries that ``actor`` may read and ``query`` asks for, unordered.

    Raises InvalidInput for a workspace in which the actor has no right to the trail.
    """
    found, places = _readable(actor), list[UUID]()
    if query.workspace:
        place = access.workspace_by_slug(
            actor, query.workspace, permission=Permission.VIEW_TRAIL, field="workspace"
        )
        found, places = found.filter(workspace=place.uuid), [place.uuid]
    if query.q or query.marks.all():
        found = with_words(found, query.q, query.marks, places=places or _few_places(actor))
    return found.filter(_conditions(query))


def _few_places(actor: Actor) -> list[UUID]:
    """Return the workspaces whose trail ``actor`` may read; none where they are many, or where
    more may be read than what lies in workspaces."""
    if access.administers_organisation(actor):
        return []
    reach = access.visible_workspaces(actor, permission=Permission.VIEW_TRAIL)
    places = list(reach.values_list("uuid", flat=True)[: FEW + 1])
    return places if len(places) <= FEW else []


def newest(
    found: QuerySet[JournalEntry], *, limit: int, before: int | None = None
) -> list[JournalEntry]:
    """Return the newest entries, of those before the one with that id."""
    page: list[JournalEntry] = []
    for part in windows(found, before=before):
        column = ordering(part)
        rows = part if before is None else part.filter(**{f"{column}__lt": before})
        page = list(rows.order_by(f"-{column}")[:limit])
        if len(page) == limit:
            break
    return page


def _readable(actor: Actor) -> QuerySet[JournalEntry]:
    """An administrator of the organisation also reads what belongs to no workspace."""
    everything = JournalEntry.objects.select_related("sequence")
    if access.administers_organisation(actor):
        return everything
    reach = access.visible_workspaces(actor, permission=Permission.VIEW_TRAIL)
    return everything.filter(Exists(reach.filter(uuid=OuterRef("workspace"))))


def _conditions(query: TrailQuery) -> Q:
    found = Q()
    if query.action:
        found &= Q(action=query.action) | Q(action__startswith=f"{query.action}.")
    if query.subject:
        found &= below(query.subject)
    if query.username:
        found &= Q(actor__in=called(query.username))
    columns = {
        "actor": query.actor,
        "via": query.via,
        "outcome": query.outcome,
        "request_id": query.request_id,
        "occurred_at__gte": query.since,
        "occurred_at__lt": query.until,
    }
    return found & Q(**{name: value for name, value in columns.items() if value})


def entry(actor: Actor, uuid: UUID) -> TrailDetail:
    """Return one entry with its exact canonical body; raises NotFound where it may not be read."""
    row = _readable(actor).filter(uuid=uuid).first()
    if row is None:
        raise NotFound(denial=_denial(uuid))
    body = bytes(row.body)
    return TrailDetail(
        **vars(describe([row])[0]),
        body=body.decode(),
        body_digest=sha256(body),
        is_authentic=is_authentic(row),
    )


def proof(actor: Actor, uuid: UUID, *, size: int | None = None) -> InclusionProof:
    """Return the proof that an entry is in the log; raises as ``entry`` and ``inclusion`` do."""
    row = _readable(actor).filter(uuid=uuid).select_related("sequence").first()
    if row is None:
        raise NotFound(denial=_denial(uuid))
    place = getattr(row, "sequence", None)
    return inclusion(row, seq=place.seq if place else None, size=size)


def _denial(uuid: UUID) -> Denial | None:
    """What to journal where the entry is there for others."""
    row = JournalEntry.objects.filter(uuid=uuid).only("workspace").first()
    if row is None:
        return None
    return Denial(Permission.VIEW_TRAIL.value, f"entry/{uuid}", row.workspace)


def describe(rows: Sequence[JournalEntry]) -> list[TrailEntry]:
    """Return entries as people read them; three queries for any number of rows."""
    bodies = [decode(row) for row in rows]
    slugs = slugs_of(UUID(body["workspace"]) for body in bodies if body["workspace"])
    issuers = issuers_of(body["actor"]["credential"] for body in bodies)
    acting = [*(body["actor"] for body in bodies), *issuers.values()]
    names = usernames_of(actor["name"] for actor in acting)
    return [
        _described(row, body, slugs=slugs, names=names, issuers=issuers)
        for row, body in zip(rows, bodies, strict=True)
    ]


def _described(
    row: JournalEntry,
    body: dict[str, Any],
    *,
    slugs: Mapping[UUID, str],
    names: Mapping[str, str],
    issuers: Mapping[str, Mapping[str, Any]],
) -> TrailEntry:
    # The bytes are what the log proves; whoever can write the database could change the columns.
    who, told = body["actor"], columns_of(body)
    return TrailEntry(
        seq=row.sequence.seq if hasattr(row, "sequence") else None,
        uuid=row.uuid,
        occurred_at=told.occurred_at,
        action=told.action,
        outcome=told.outcome,
        actor=TrailActor(
            uuid=who["id"],
            kind=who["kind"],
            username=names.get(who["name"] or ""),
            roles=tuple(who["roles"]),
            via=who["via"],
            credential=who["credential"],
            on_behalf_of=_issuer(issuers.get(who["credential"]), names),
        ),
        workspace=slugs.get(told.workspace) if told.workspace else None,
        subject=told.subject,
        digest=told.subject_digest or None,
        reason=body["reason"],
        before=body["before"],
        after=body["after"],
        data=body["data"],
        request_id=told.request_id,
    )


def _issuer(issuer: Mapping[str, Any] | None, names: Mapping[str, str]) -> Issuer | None:
    return Issuer(issuer["id"], names.get(issuer["name"])) if issuer else None


def walk(found: QuerySet[JournalEntry], *, last: int) -> Iterator[TrailEntry]:
    """Yield entries from the oldest to the one with id ``last``, a thousand rows in memory.

    It pages by key instead of holding a cursor: a slow reader keeps no snapshot open.
    """
    after, column = 0, ordering(found)
    found = found.filter(**{f"{column}__lte": last}).order_by(column)
    while rows := list(found.filter(**{f"{column}__gt": after})[:CHUNK]):
        yield from describe(rows)
        after = rows[-1].pk
