"""Write down the lineage of a journal entry: its events, what they tell of jobs, runs and datasets,
and its edges in the graph."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from core.canonical import sha256
from core.references import SCHEME
from lineage.mapping.journal import MAPPINGS, map_record
from lineage.mapping.record import Record
from lineage.mapping.validation import require_valid
from lineage.mapping.wire import encode
from lineage.models import PROMOTED, Edge, LineageEvent, Mention
from lineage.services import delivery, locations
from lineage.services.receiving import tell_own
from registry.models import AssetVersion, VersionLink, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from core.journal import SequencedEntry
    from lineage.mapping.record import Mapped

REGISTERED = "registry.version.registered"
COMPLETED = "registry.promotion.completed"


def record(entry: SequencedEntry) -> int:
    """Store the events and edges of a journal entry, in the current transaction; return how many
    events were new.

    Doing it twice, or in another order, ends in the same rows. Raises InvalidEvent, and leaves
    nothing, where an event does not fit the specification.
    """
    return record_all([entry])


def record_all(entries: Sequence[SequencedEntry]) -> int:
    """Store the events and edges of several journal entries, as ``record`` does of each."""
    mappable = [entry for entry in entries if entry.action in MAPPINGS]
    if not mappable:
        return 0
    places = _workspaces({UUID(entry.body["workspace"]) for entry in mappable})
    told = [(entry, _mapped(entry, places)) for entry in mappable]
    versions = _versions([item for _, mapped in told for item in mapped])
    stored = _store_events(told, versions, places)
    _store_edges(mappable, versions)
    if stored:
        delivery.wake()
    return stored


def _mapped(entry: SequencedEntry, places: dict[UUID, Workspace]) -> Sequence[Mapped]:
    slug = places[UUID(entry.body["workspace"])].slug
    source = Record(entry.uuid, entry.occurred_at, entry.action, entry.body, slug)
    return map_record(source, base_url=settings.BASE_URL)


def _versions(mapped: Sequence[Mapped]) -> dict[UUID, int]:
    wanted = {uuid for item in mapped for uuid in item.versions}
    rows = AssetVersion.objects.filter(uuid__in=wanted).values_list("uuid", "pk")
    return dict(rows)


def _store_events(
    told: Sequence[tuple[SequencedEntry, Sequence[Mapped]]],
    versions: dict[UUID, int],
    places: dict[UUID, Workspace],
) -> int:
    rows = [
        (_row(entry, item, workspace=places[UUID(entry.body["workspace"])]), item)
        for entry, mapped in told
        for item in mapped
    ]
    by_digest: dict[str, LineageEvent] = {}
    for row, _ in rows:
        by_digest.setdefault(row.digest, row)  # two entries may tell one event: the first has it
    stored = LineageEvent.objects.filter(digest__in=by_digest)
    known = set(stored.values_list("digest", flat=True))
    fresh = [row for digest, row in by_digest.items() if digest not in known]
    LineageEvent.objects.bulk_create(fresh)
    ids = dict(stored.all().values_list("digest", "pk"))
    tell_own(by_digest.values())
    Mention.objects.bulk_create(
        (
            Mention(event_id=ids[row.digest], version_id=versions[uuid])
            for row, item in rows
            for uuid in item.versions
        ),
        ignore_conflicts=True,
    )
    return len(fresh)


def _workspaces(uuids: Collection[UUID]) -> dict[UUID, Workspace]:
    return {place.uuid: place for place in Workspace.objects.filter(uuid__in=uuids)}


def _row(entry: SequencedEntry, item: Mapped, *, workspace: Workspace) -> LineageEvent:
    body = encode(item.event)
    event: dict[str, Any] = json.loads(body)
    require_valid(event)
    kinds = LineageEvent.Kind
    job = event.get("job")
    return LineageEvent(
        entry_id=entry.id,
        workspace=workspace,
        action=entry.action,
        subject=_short(entry.body["subject"]["ref"], instance=entry.body["instance"]),
        kind=kinds.RUN if "run" in event else kinds.JOB if job else kinds.DATASET,
        event_type=event.get("eventType", ""),
        event_time=datetime.fromisoformat(event["eventTime"]),
        run=UUID(event["run"]["runId"]) if "run" in event else None,
        job=f"{job['namespace']}/{job['name']}" if job else "",
        body=body,
        digest=sha256(body),
    )


def _short(reference: str, *, instance: str) -> str:
    return reference.removeprefix(f"{SCHEME}{instance}/")


def _store_edges(entries: Sequence[SequencedEntry], versions: dict[UUID, int]) -> None:
    made = [pk for entry in entries for pk in _made(entry, versions)]
    locations.locate(made)
    links = _links(made)
    Edge.objects.bulk_create(
        (
            Edge(
                source_id=source,
                target_id=target,
                relation=relation,
                run=run,
                seq=entry.seq,
                created_at=entry.occurred_at,
            )
            for entry in entries
            for source, target, relation, run in _edges(entry, versions, links)
        ),
        ignore_conflicts=True,
    )


EdgeTuple = tuple[int, int, str, UUID]


def _made(entry: SequencedEntry, versions: dict[UUID, int]) -> list[int]:
    """Return the versions that came to be in an entry."""
    data = entry.body["data"]
    if entry.action == REGISTERED:
        return [versions[UUID(data["version"])]]
    if entry.action == COMPLETED:
        return [versions[UUID(member["target"]["version"])] for member in _copied(data)]
    return []


def _copied(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [member for member in data["members"] if not member["is_reused"]]


def _links(made: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Return sources and roles of the links of new versions; links never change after their
    version, so the rows are as good as the journal, which names those of copies nowhere."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = VersionLink.objects.filter(version__in=made).order_by("id")
    for source, target, role in rows.values_list("target_id", "version_id", "role"):
        found.setdefault(target, []).append((source, role))
    return found


def _edges(
    entry: SequencedEntry,
    versions: dict[UUID, int],
    links: dict[int, list[tuple[int, str]]],
) -> Iterator[EdgeTuple]:
    """Yield an edge per copy of a promotion, then one per link of what came to be."""
    data = entry.body["data"]
    run = UUID(data["work"]) if data.get("work") else entry.uuid
    if entry.action == COMPLETED:
        run = UUID(data["promotion"])
        for member in _copied(data):
            source, target = member["source"]["version"], member["target"]["version"]
            yield versions[UUID(source)], versions[UUID(target)], PROMOTED, run
    for made in _made(entry, versions):
        for linked, role in links.get(made, ()):
            yield linked, made, role, run
