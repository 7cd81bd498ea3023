"""The Merkle tree of RFC 9162 section 2.1: hashes, which of them a proof needs, and verification.

A tree is never held whole here. `inclusion_ranges` and `consistency_ranges` say which ranges of
leaves a proof consists of; each is the hash of a few complete subtrees (`cover`), which the tiles
give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()

Range = tuple[int, int]


class ProofError(ValueError):
    """A proof does not prove what it was given for."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: the leaves from ``index << level`` to before ``index + 1 << level``."""

    level: int
    index: int


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 of 0x01 and its children's hashes."""
    return pair_hash(left + right)


def pair_hash(children: bytes) -> bytes:
    """Return the hash of an inner node whose children's hashes stand one after the other."""
    return hashlib.sha256(b"\x01" + children).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over adjacent subtrees, the largest first; of none, that of no leaves."""
    if not hashes:
        return EMPTY_ROOT
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def cover(leaves: Range) -> list[Node]:
    """Return the complete subtrees that a range of a proof consists of, from left to right.

    The range starts where a subtree of at least its size starts, as all those of proofs do.
    """
    begin, end = leaves
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(Node(level, begin >> level))
        begin += 1 << level
    return nodes


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove leaf ``index`` in the tree of ``size``, lowest first.

    PATH of RFC 9162 section 2.1.3.1. Raises ValueError for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    begin, end = 0, size
    ranges: list[Range] = []
    while end - begin > 1:
        split = begin + _split(end - begin)
        if index < split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((begin, split))
            begin = split
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove the tree of ``old`` leaves a prefix of that of ``size``.

    SUBPROOF of RFC 9162 section 2.1.4.1. Raises ValueError unless 0 < old <= size.
    """
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves is no extension of one of {old}")
    begin, end = 0, size
    ranges: list[Range] = []
    while old != end:
        split = begin + _split(end - begin)
        if old <= split:
            ranges.append((split, end))
            end = split
        else:
            ranges.append((begin, split))
            begin = split
    # The old root is known to the verifier; a part of it is not.
    if begin:
        ranges.append((begin, end))
    return ranges[::-1]


def _split(count: int) -> int:
    """Return the largest power of two below ``count``, which is over one."""
    return 1 << ((count - 1).bit_length() - 1)


def root_from_inclusion(leaf: bytes, *, index: int, size: int, proof: Iterable[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).

    Raises ProofError for a proof that is too long or too short for the place.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    hashes = list(proof)
    ranges = inclusion_ranges(index, size)
    if len(hashes) != len(ranges):
        raise ProofError(f"the proof has {len(hashes)} hashes, not {len(ranges)}")
    root = leaf
    for (begin, _), sibling in zip(ranges, hashes, strict=True):
        root = node_hash(sibling, root) if begin < index else node_hash(root, sibling)
    return root


def roots_from_consistency(
    old_root: bytes, *, old: int, size: int, proof: Iterable[bytes]
) -> tuple[bytes, bytes]:
    """Return the old and the new root that a consistency proof leads to (section 2.1.4.2).

    ``old_root`` is used where the old tree is complete, as the proof leaves it out then. Raises
    ProofError for a proof that is too long or too short.
    """
    if not 0 < old <= size:
        raise ProofError(f"a tree of {size} leaves is no extension of one of {old}")
    hashes = list(proof)
    ranges = consistency_ranges(old, size)
    if len(hashes) != len(ranges):
        raise ProofError(f"the proof has {len(hashes)} hashes, not {len(ranges)}")
    if ranges and ranges[0][1] == old:
        first, *hashes = hashes
        ranges = ranges[1:]
    else:
        first = old_root
    was = now = first
    for (begin, _), sibling in zip(ranges, hashes, strict=True):
        if begin < old:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
        else:
            now = node_hash(now, sibling)
    return was, now
