"""Keep the catalogue's rows: follow the journal, make them all anew, and tell where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q

from core.models import JournalSequence
from registry.models import (
    Asset,
    AssetVersion,
    CatalogueEntry,
    CatalogueLabel,
    CatalogueMetric,
    CatalogueText,
)
from registry.queries.catalogue.facts import Facts, facts_of
from registry.queries.catalogue.words import tsvector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from core.journal import SequencedEntry

BATCH = 200
TEXT = CatalogueText._meta.db_table
# Constants of ours alone make up these statements.
DELETE_TEXT = f"DELETE FROM {TEXT} WHERE rowid = %s"  # noqa: S608
INSERT_FTS5 = f"INSERT INTO {TEXT} (rowid, name, summary, facts, prose) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608
INSERT_TSVECTOR = f"INSERT INTO {TEXT} (rowid, {TEXT}) VALUES (%s, %s::tsvector)"  # noqa: S608
COLUMNS = tuple(
    column.attname
    for column in CatalogueEntry._meta.concrete_fields
    if not column.primary_key and column.name != "as_of_seq"
)


def follow(entry: SequencedEntry) -> int:
    """Bring the entries up to date that a journal entry touches; return how many were behind.

    What is written is what is there now, not what the entry says: told twice, late or in another
    order, the rows are the same. An entry whose place a row already covers costs one query.
    """
    return follow_all([entry])


def follow_all(entries: Sequence[SequencedEntry]) -> int:
    """Bring the entries up to date that several journal entries touch, each once; as ``follow``."""
    last: dict[int, int] = {}
    for entry, touched in _touched([one for one in entries if one.action.startswith("registry.")]):
        for asset in touched:
            last[asset] = max(entry.seq, last.get(asset, -1))
    if not last:
        return 0
    as_of = dict(CatalogueEntry.objects.filter(pk__in=last).values_list("pk", "as_of_seq"))
    behind = sorted(asset for asset, seq in last.items() if as_of.get(asset, -1) < seq)
    for start in range(0, len(behind), BATCH):
        refresh(behind[start : start + BATCH])
    return len(behind)


def _touched(
    entries: Sequence[SequencedEntry],
) -> Iterator[tuple[SequencedEntry, Collection[int]]]:
    """Yield each entry with the assets that it names, by id or by its subject."""
    ids = {entry.seq: _named(entry) for entry in entries}
    wanted = {uuid for named in ids.values() for uuid in named}
    known: dict[UUID, int] = {}
    if wanted:
        known = dict(AssetVersion.objects.filter(uuid__in=wanted).values_list("uuid", "asset_id"))
        known |= dict(Asset.objects.filter(uuid__in=wanted).values_list("uuid", "pk"))
    for entry in entries:
        found = {known[uuid] for uuid in ids[entry.seq] if uuid in known}
        yield entry, found or _subject(entry)


def _named(entry: SequencedEntry) -> list[UUID]:
    """Return what may be the ids of assets and versions in an entry."""
    data = entry.data
    result = data.get("result")
    named = [data.get("asset"), data.get("version"), data.get("evaluates")]
    named += [result.get("version")] if isinstance(result, dict) else []
    links, members = _objects(data.get("links")), _objects(data.get("members"))
    named += [link.get("version") for link in links if link.get("role") == "evaluates"]
    # A promotion takes its members along, each into an asset of its own.
    targets = _objects([member.get("target") for member in members])
    named += [target.get("version") for target in targets]
    return [found for text in named if (found := _uuid(text))]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _subject(entry: SequencedEntry) -> set[int]:
    reference = entry.body["subject"]["ref"].rpartition("://")[2].partition("@")[0]
    parts = reference.split("/")
    places = [parts[index : index + 3] for index in (0, 1) if len(parts[index:]) in {3, 4}]
    wanted = Q(pk__in=[])
    for workspace, kind, name in places:
        wanted |= Q(workspace__slug=workspace, kind=kind, name=name)
    return set(Asset.objects.filter(wanted).values_list("pk", flat=True)) if places else set()


def refresh(asset_ids: Collection[int]) -> int:
    """Write the entries of up to 200 assets afresh, in one transaction; return how many stand."""
    with transaction.atomic():
        # Asked first: whatever is sequenced up to here is committed, and so is seen below.
        seq = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
        # One writer at a time per asset: the older facts must not be written last.
        held = Asset.objects.select_for_update(no_key=True).filter(pk__in=asset_ids)
        list(held.order_by("pk").values_list("pk", flat=True))
        facts = facts_of(asset_ids)
        _write(asset_ids, facts, as_of_seq=-1 if seq is None else seq)
    return len(facts)


def _write(asset_ids: Collection[int], facts: Mapping[int, Facts], *, as_of_seq: int) -> None:
    CatalogueLabel.objects.filter(entry__in=asset_ids).delete()
    CatalogueMetric.objects.filter(entry__in=asset_ids).delete()
    with connection.cursor() as cursor:
        cursor.executemany(DELETE_TEXT, [[key] for key in asset_ids])
    CatalogueEntry.objects.filter(pk__in=set(asset_ids) - facts.keys()).delete()
    CatalogueEntry.objects.bulk_create(
        [CatalogueEntry(pk=key, as_of_seq=as_of_seq, **one.columns) for key, one in facts.items()],
        update_conflicts=True,
        unique_fields=["asset"],
        update_fields=[*(name.removesuffix("_id") for name in COLUMNS), "as_of_seq"],
    )
    CatalogueLabel.objects.bulk_create(
        CatalogueLabel(entry_id=key, field=field, value=value)
        for key, one in facts.items()
        for field, value in sorted(one.labels)
    )
    CatalogueMetric.objects.bulk_create(
        CatalogueMetric(
            entry_id=key,
            workspace_id=workspace,
            name=name,
            evaluator=evaluator,
            version_id=version,
            value=value,
        )
        for key, one in facts.items()
        for (workspace, name, evaluator), (version, value) in one.metrics.items()
    )
    _write_words(facts)


def _write_words(facts: Mapping[int, Facts]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(INSERT_FTS5, [(key, *one.words) for key, one in facts.items()])
        else:
            cursor.executemany(
                INSERT_TSVECTOR, [(key, tsvector(one.words)) for key, one in facts.items()]
            )


def rebuild() -> int:
    """Make every entry anew, a batch to a transaction; return how many stand."""
    return sum(refresh(batch) for batch in _batches())


def _batches() -> Iterator[list[int]]:
    after = 0
    assets = Asset.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(assets.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1]


def drift() -> Iterator[str]:
    """Return the references of assets whose entry differs from what is there now."""
    for batch in _batches():
        expected = facts_of(batch)
        present = _present(batch)
        differing = [key for key in batch if present.get(key) != _comparable(expected.get(key))]
        rows = Asset.objects.filter(pk__in=differing).select_related("workspace")
        for asset in rows.order_by("pk"):
            yield f"{asset.workspace.slug}/{asset.kind}/{asset.name}"


def _comparable(facts: Facts | None) -> tuple[Any, Any, Any] | None:
    if facts is None:
        return None
    return dict(facts.columns), facts.labels, dict(facts.metrics)


def _present(batch: Collection[int]) -> dict[int, tuple[Any, Any, Any]]:
    rows = CatalogueEntry.objects.filter(pk__in=batch, text__isnull=False)
    entries = rows.prefetch_related("labels", "metrics")
    return {
        entry.pk: (
            {name: getattr(entry, name) for name in COLUMNS},
            frozenset((label.field, label.value) for label in entry.labels.all()),
            {
                (row.workspace_id, row.name, row.evaluator): (row.version_id, row.value)
                for row in entry.metrics.all()
            },
        )
        for entry in entries
    }
