"""Tiles: the tree's hashes in blocks of 256, and the right edge from which it grows.

Source: C2SP tlog-tiles. A tile of level L at index N has the hashes of the complete subtrees of
256^L leaves from N * 256 on; the last one of each level may be partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audits.transparency.merkle import HASH_SIZE, Node, Range, cover, fold, pair_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """``hashes`` are those of its subtrees one after the other, 32 bytes each, at most 256."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """Return how many hashes it has."""
        return len(self.hashes) // HASH_SIZE


def tile_of(node: Node) -> Key:
    """Return level and index of the tile that a complete subtree's hash comes from."""
    level = node.level // HEIGHT
    below = node.level % HEIGHT
    return level, node.index << below >> HEIGHT


def tiles_of(ranges: Iterable[Range]) -> set[Key]:
    """Return the tiles that the hashes of some ranges come from."""
    return {tile_of(node) for leaves in ranges for node in cover(leaves)}


def range_hash(leaves: Range, tiles: Mapping[Key, bytes]) -> bytes:
    """Return the hash of a range; raises KeyError or ValueError where a tile lacks hashes."""
    return fold([_subtree_hash(node, tiles[tile_of(node)]) for node in cover(leaves)])


def _subtree_hash(node: Node, tile: bytes) -> bytes:
    count = 1 << node.level % HEIGHT
    first = node.index * count % WIDTH
    part = tile[first * HASH_SIZE : (first + count) * HASH_SIZE]
    if len(part) != count * HASH_SIZE:
        raise ValueError(f"the tile of {node} has too few hashes")
    return complete(part)


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes that stand one after the other."""
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def complete(hashes: bytes) -> bytes:
    """Return the root over hashes that stand one after the other, their number a power of two."""
    while len(hashes) > HASH_SIZE:
        # A proof takes some hundred of these: two that stand together are hashed as they stand.
        pairs = range(0, len(hashes), 2 * HASH_SIZE)
        hashes = b"".join([pair_hash(hashes[at : at + 2 * HASH_SIZE]) for at in pairs])
    return hashes


class Edge:
    """The right edge of a tree of ``size`` leaves: the last, partial tile of each level."""

    def __init__(self, size: int = 0, partial: Mapping[int, bytes] | None = None) -> None:
        """Take the edge from the hashes of the partial tiles by level; an empty one is left out.

        Raises ValueError where they are not those of a tree of that size.
        """
        self.size = size
        self._levels: list[list[bytes]] = []
        for level, (_, width) in enumerate(edge_tiles(size)):
            hashes = split((partial or {}).get(level, b""))
            if len(hashes) != width or (hashes and len(hashes[-1]) != HASH_SIZE):
                raise ValueError(f"level {level} has {len(hashes)} hashes at its edge, not {width}")
            self._levels.append(hashes)

    def append(self, leaves: Iterable[bytes]) -> list[Tile]:
        """Add hashes of leaves, and return every tile that is new or has grown, whole."""
        changed: dict[Key, Tile] = {}
        for leaf in leaves:
            self._push(0, leaf, self.size >> HEIGHT, changed)
            self.size += 1
        for level, (index, width) in enumerate(edge_tiles(self.size)):
            if width:
                changed[level, index] = Tile(level, index, b"".join(self._levels[level]))
        return list(changed.values())

    def _push(self, level: int, hashed: bytes, index: int, changed: dict[Key, Tile]) -> None:
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes.append(hashed)
        if len(hashes) == WIDTH:
            tile = Tile(level, index, b"".join(hashes))
            changed[level, index] = tile
            self._levels[level] = []
            self._push(level + 1, complete(tile.hashes), index >> HEIGHT, changed)

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        parts: list[bytes] = []
        for hashes in reversed(self._levels):
            for node in cover((0, len(hashes))):
                first = node.index << node.level
                parts.append(complete(b"".join(hashes[first : first + (1 << node.level)])))
        return fold(parts)


def edge_tiles(size: int) -> list[Key]:
    """Return index and width of the partial tile of each level, which may be empty."""
    tiles = []
    while size:
        tiles.append((size >> HEIGHT, size % WIDTH))
        size >>= HEIGHT
    return tiles
