"""The tree against the definitions of RFC 9162, and against published vectors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.transparency import merkle
from audits.transparency.merkle import ProofError, leaf_hash
from audits.transparency.tiles import Edge, Tile, edge_tiles, range_hash, tiles_of
from tests.audits.transparency import naive

# The eight entries of the reference implementation's tests of RFC 6962, and their roots by size.
VECTOR = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """A log's tiles as a store would keep them, grown leaf by leaf or in batches."""

    def __init__(self, entries: list[bytes], *, batch: int = 1) -> None:
        self.edge = Edge()
        self.tiles: dict[tuple[int, int], bytes] = {}
        for start in range(0, len(entries), batch):
            self.add(self.edge.append(map(leaf_hash, entries[start : start + batch])))

    def add(self, tiles: list[Tile]) -> None:
        self.tiles |= {(tile.level, tile.index): tile.hashes for tile in tiles}

    def proof(self, ranges: list[merkle.Range]) -> list[bytes]:
        needed = {key: self.tiles[key] for key in tiles_of(ranges)}
        return [range_hash(leaves, needed) for leaves in ranges]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_vectors_have_their_roots(size: int) -> None:
    assert Tree(VECTOR[:size]).edge.root().hex() == ROOTS[size - 1]


def test_a_tree_of_nothing_has_the_hash_of_nothing() -> None:
    assert Edge().root() == naive.root([])


def test_every_proof_of_every_tree_to_130_leaves_is_the_one_of_the_definition() -> None:
    entries = [b"entry %d" % number for number in range(130)]
    checked = 0
    for size in range(1, 131):
        tree = Tree(entries[:size], batch=size)
        root = naive.root(entries[:size])
        assert tree.edge.root() == root
        for index in range(size):
            proof = tree.proof(merkle.inclusion_ranges(index, size))
            assert proof == naive.path(index, entries[:size])
            leaf = leaf_hash(entries[index])
            assert merkle.root_from_inclusion(leaf, index=index, size=size, proof=proof) == root
            checked += 1
        for old in range(1, size + 1):
            proof = tree.proof(merkle.consistency_ranges(old, size))
            assert proof == naive.proof(old, entries[:size])
            was = naive.root(entries[:old])
            led = merkle.roots_from_consistency(was, old=old, size=size, proof=proof)
            assert led == (was, root)
            checked += 1
    assert checked == 17_030


@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 66_000), seed=st.integers(0, 2**32), batch=st.integers(1, 70_000))
def test_a_tree_is_the_same_however_its_leaves_came(size: int, seed: int, batch: int) -> None:
    leaves = [leaf_hash(b"%d %d" % (seed, number)) for number in range(size)]
    at_once, by_batch = Edge(), Edge()
    tiles: dict[tuple[int, int], bytes] = {}
    at_once.append(leaves)
    for start in range(0, size, batch):
        grown = by_batch.append(leaves[start : start + batch])
        tiles |= {(tile.level, tile.index): tile.hashes for tile in grown}
        # A process that starts anew takes the edge from the tiles.
        edges = {level: tiles.get((level, index), b"") for level, (index, _) in _edges(by_batch)}
        by_batch = Edge(by_batch.size, {key: hashes for key, hashes in edges.items() if hashes})

    assert by_batch.root() == at_once.root()
    index = seed % size
    ranges = merkle.inclusion_ranges(index, size)
    proof = [range_hash(leaves_of, tiles) for leaves_of in ranges]
    root = merkle.root_from_inclusion(leaves[index], index=index, size=size, proof=proof)
    assert root == at_once.root()


def _edges(edge: Edge) -> list[tuple[int, tuple[int, int]]]:
    return [
        (level, (index, width))
        for level, (index, width) in enumerate(edge_tiles(edge.size))
        if width
    ]


def test_a_proof_of_another_length_or_for_a_leaf_that_is_not_there_is_refused() -> None:
    tree = Tree([b"%d" % number for number in range(7)])
    proof = tree.proof(merkle.inclusion_ranges(3, 7))

    for wrong in (proof[:-1], [*proof, proof[0]]):
        with pytest.raises(ProofError):
            merkle.root_from_inclusion(leaf_hash(b"3"), index=3, size=7, proof=wrong)
    with pytest.raises(ProofError):
        merkle.root_from_inclusion(leaf_hash(b"3"), index=7, size=7, proof=proof)
    with pytest.raises(ProofError):
        merkle.roots_from_consistency(b"", old=0, size=7, proof=[])


def test_an_edge_that_is_not_that_of_the_size_is_refused() -> None:
    with pytest.raises(ValueError, match="level 0 has 0 hashes"):
        Edge(3, {})
