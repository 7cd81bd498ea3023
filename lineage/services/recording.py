"""Write down the lineage of a journal entry: its events, and its edges in the graph."""

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
from lineage.services import delivery
from registry.models import AssetVersion, VersionLink, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.journal import SequencedEntry
    from lineage.mapping.record import Mapped


def record(entry: SequencedEntry) -> int:
    """Store the events and edges of a journal entry, in the current transaction; return how many
    events were new.

    Doing it twice, or in another order, ends in the same rows. Raises InvalidEvent, and leaves
    nothing, where an event does not fit the specification.
    """
    if entry.action not in MAPPINGS:
        return 0
    source = Record(entry.uuid, entry.occurred_at, entry.action, entry.body)
    mapped = map_record(source, base_url=settings.BASE_URL)
    versions = _versions(mapped)
    stored = _store_events(entry, mapped, versions)
    _store_edges(entry, versions)
    if stored:
        delivery.wake()
    return stored


def _versions(mapped: Sequence[Mapped]) -> dict[UUID, int]:
    wanted = {uuid for item in mapped for uuid in item.versions}
    rows = AssetVersion.objects.filter(uuid__in=wanted).values_list("uuid", "pk")
    return dict(rows)


def _store_events(
    entry: SequencedEntry, mapped: Sequence[Mapped], versions: dict[UUID, int]
) -> int:
    workspace = Workspace.objects.get(uuid=entry.body["workspace"])
    rows = [_row(entry, item, workspace=workspace) for item in mapped]
    digests = [row.digest for row in rows]
    known = set(LineageEvent.objects.filter(digest__in=digests).values_list("digest", flat=True))
    LineageEvent.objects.bulk_create(row for row in rows if row.digest not in known)
    ids = dict(LineageEvent.objects.filter(digest__in=digests).values_list("digest", "pk"))
    Mention.objects.bulk_create(
        (
            Mention(event_id=ids[row.digest], version_id=versions[uuid])
            for row, item in zip(rows, mapped, strict=True)
            for uuid in item.versions
        ),
        ignore_conflicts=True,
    )
    return len(set(digests) - known)


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


def _store_edges(entry: SequencedEntry, versions: dict[UUID, int]) -> None:
    data = entry.body["data"]
    if entry.action == "registry.version.registered":
        edges = _link_edges([versions[UUID(data["version"])]], run=entry.uuid)
    elif entry.action == "registry.promotion.completed":
        edges = _promotion_edges(data, versions)
    else:
        return
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
            for source, target, relation, run in edges
        ),
        ignore_conflicts=True,
    )


EdgeTuple = tuple[int, int, str, UUID]


def _link_edges(made: Sequence[int], *, run: UUID) -> Iterator[EdgeTuple]:
    """Yield an edge per link; links never change after their version, so the rows are as good as
    the journal, which names those of promoted copies nowhere."""
    links = VersionLink.objects.filter(version__in=made).order_by("id")
    for source, target, role in links.values_list("target_id", "version_id", "role"):
        yield source, target, role, run


def _promotion_edges(data: dict[str, Any], versions: dict[UUID, int]) -> Iterator[EdgeTuple]:
    run = UUID(data["promotion"])
    made = []
    for member in data["members"]:
        if member["is_reused"]:
            continue
        source = versions[UUID(member["source"]["version"])]
        target = versions[UUID(member["target"]["version"])]
        made.append(target)
        yield source, target, PROMOTED, run
    yield from _link_edges(made, run=run)
