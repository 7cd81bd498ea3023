"""Read the transparency log: checkpoints, tiles and proofs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.db import connection

from audits.models import LogCheckpoint, LogKey
from audits.transparency.merkle import (
    Range,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
)
from audits.transparency.tiles import HEIGHT, Edge, edge_tiles, range_hash, tiles_of
from core.errors import Conflict, InvalidInput, NotFound
from core.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from audits.transparency.tiles import Key
    from core.models import JournalEntry


# Their tiles are in memory together, and in one query.
PROVED_AT_ONCE = 50
# A proof is asked for one by one: to compile its questions each time took longer than the answers.
NEWEST = Statement(lambda: LogCheckpoint.objects.order_by("-size")[:1])
READ_TILES = 'SELECT level, "index", hashes FROM audits_logtile WHERE {places}'
TILE_PLACE = '(level = %s AND "index" = %s)'


class LogDamaged(RuntimeError):
    """What is stored is not what was signed."""


@dataclass(frozen=True)
class InclusionProof:
    """That an entry is leaf ``index`` of the tree that ``checkpoint`` signs."""

    index: int
    leaf: bytes
    proof: Sequence[bytes]
    checkpoint: LogCheckpoint


@dataclass(frozen=True)
class ConsistencyProof:
    """That the tree of ``first`` entries is the beginning of that of ``second``."""

    first: LogCheckpoint
    second: LogCheckpoint
    proof: Sequence[bytes]


def newest_checkpoint() -> LogCheckpoint | None:
    """Return the largest tree that was signed."""
    return NEWEST.first()


def checkpoint_at(size: int) -> LogCheckpoint:
    """Return the checkpoint of exactly that size; raises NotFound."""
    found = LogCheckpoint.objects.filter(size=size).first()
    if found is None:
        raise NotFound
    return found


def keys() -> list[LogKey]:
    """Return every key of the log and of its receipts, oldest first."""
    return list(LogKey.objects.order_by("id"))


def first_log_key() -> str:
    """Return the log's first public key, empty where nothing was signed: whoever trusts it comes
    to trust all that follow."""
    found = LogKey.objects.filter(purpose=LogKey.Purpose.LOG).order_by("id").first()
    return found.vkey if found else ""


def edge_of(size: int) -> Edge:
    """Return the right edge of the tree of that size; raises LogDamaged where tiles lack."""
    partial = {level: index for level, (index, width) in enumerate(edge_tiles(size)) if width}
    stored = _tiles(partial.items())
    try:
        return Edge(size, {level: stored.get((level, partial[level]), b"") for level in partial})
    except ValueError as error:
        raise LogDamaged(f"the tree of {size} entries: {error}") from error


def inclusion(entry: JournalEntry, *, seq: int | None, size: int | None = None) -> InclusionProof:
    """Return the proof that ``entry``, placed at ``seq``, is in the tree of ``size`` entries.

    Without ``size`` it is the newest that was signed. Raises Conflict while none that was signed
    has the entry (it is a matter of seconds), InvalidInput for a size that is too small.
    """
    checkpoint = newest_checkpoint() if size is None else checkpoint_at(size)
    if seq is None or checkpoint is None or (size is None and checkpoint.size <= seq):
        raise Conflict("The entry is not in the log yet; ask again in some seconds.")
    if checkpoint.size <= seq:
        raise InvalidInput.of("size", f"must be over {seq}, where the entry is")
    proof = _hashes(inclusion_ranges(seq, checkpoint.size))
    return InclusionProof(seq, leaf_hash(bytes(entry.body)), proof, checkpoint)


def inclusion_paths(places: Sequence[int], *, size: int) -> Iterator[list[bytes]]:
    """Yield the inclusion proof of each place in the tree of ``size`` entries, in order; one query
    for many of them. Raises LogDamaged where a tile lacks."""
    for start in range(0, len(places), PROVED_AT_ONCE):
        ranges = [inclusion_ranges(each, size) for each in places[start : start + PROVED_AT_ONCE]]
        tiles = _tiles(set().union(*(tiles_of(each) for each in ranges)))
        for each in ranges:
            yield _hashes(each, tiles)


def consistency(first: int, second: int | None = None) -> ConsistencyProof:
    """Return the proof that the tree of ``second`` entries, by default the newest one, extends
    that of ``first``; both must have been signed."""
    was = checkpoint_at(first)
    now = newest_checkpoint() if second is None else checkpoint_at(second)
    assert now is not None  # there is at least the first
    if now.size < was.size:
        raise InvalidInput.of("second", f"must be at least {first}")
    return ConsistencyProof(was, now, _hashes(consistency_ranges(was.size, now.size)))


def consistency_hashes(first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of ``second`` entries extends that of ``first``, whether that
    one was signed or not; none is needed for an empty tree, or for the same one."""
    return _hashes(consistency_ranges(first, second)) if 0 < first < second else []


def root_at(size: int) -> bytes:
    """Return the root of the tree of the first ``size`` entries, as the tiles have it."""
    return _hashes([(0, size)])[0]


def signed_root(size: int) -> bytes:
    """Return the root that was signed for that size, else the one that the tiles have."""
    try:
        return bytes(checkpoint_at(size).root)
    except NotFound:
        return root_at(size)


def tile(level: int, index: int, *, width: int) -> bytes:
    """Return the first ``width`` hashes of a tile of the signed tree; raises NotFound."""
    newest = newest_checkpoint()
    have = (newest.size if newest else 0) >> (HEIGHT * level) if level < HEIGHT else 0
    if have < (index << HEIGHT) + width:
        raise NotFound
    return _tiles([(level, index)])[level, index][: width * 32]


def _hashes(ranges: Sequence[Range], tiles: Mapping[Key, bytes] | None = None) -> list[bytes]:
    tiles = _tiles(tiles_of(ranges)) if tiles is None else tiles
    try:
        return [range_hash(leaves, tiles) for leaves in ranges]
    except (KeyError, ValueError) as error:
        raise LogDamaged(f"a tile is not there or too short: {error}") from error


def _tiles(wanted: Collection[Key]) -> dict[Key, bytes]:
    """Return the tiles that are stored, in one query."""
    if not wanted:
        return {}
    places = " OR ".join([TILE_PLACE] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(READ_TILES.format(places=places), list(chain.from_iterable(wanted)))
        return {(level, index): bytes(hashes) for level, index, hashes in cursor.fetchall()}
