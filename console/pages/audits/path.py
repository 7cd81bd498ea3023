"""The way from an entry to the root that a checkpoint signs, step by step and as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.transparency.merkle import inclusion_ranges, node_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.queries.log import InclusionProof

WIDTH, HEIGHT, ROW, BOX = 640, 36, 66, 248
LEFT, RIGHT, MIDDLE = 24, 368, 196


@dataclass(frozen=True)
class Step:
    """A hash of the proof joins the path: on which side, what it covers, and what comes of it."""

    side: str
    covers: str
    sibling: str
    result: str


@dataclass(frozen=True)
class Box:
    """A node of the picture; ``given`` ones are of the proof, the others are computed."""

    x: int
    y: int
    text: str
    hash: str
    is_given: bool

    @property
    def centre(self) -> int:
        """Return the middle of its width."""
        return self.x + BOX // 2


@dataclass(frozen=True)
class Join:
    """A line from a node to the one above it."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_given: bool


@dataclass(frozen=True)
class Way:
    """The steps, the root that they lead to, whether it is the signed one, and the picture."""

    steps: Sequence[Step]
    root: str
    is_signed: bool
    boxes: Sequence[Box]
    joins: Sequence[Join]
    width: int
    height: int


def way(proof: InclusionProof) -> Way:
    """Return the way that ``proof`` goes, computed from its hashes alone."""
    size = proof.checkpoint.size
    steps, node = [], proof.leaf
    covers = inclusion_ranges(proof.index, size)
    for (begin, end), sibling in zip(covers, proof.proof, strict=True):
        is_left = begin < proof.index
        node = node_hash(sibling, node) if is_left else node_hash(node, sibling)
        side = "left" if is_left else "right"
        steps.append(Step(side, _covered(begin, end), sibling.hex(), node.hex()))
    boxes, joins = _drawn(proof, steps)
    return Way(
        steps=steps,
        root=node.hex(),
        is_signed=node == bytes(proof.checkpoint.root),
        boxes=boxes,
        joins=joins,
        width=WIDTH,
        height=ROW * len(steps) + HEIGHT + 8,
    )


def _covered(begin: int, end: int) -> str:
    return f"entry {begin}" if end - begin == 1 else f"entries {begin} to {end - 1}"


def _drawn(proof: InclusionProof, steps: Sequence[Step]) -> tuple[list[Box], list[Join]]:
    """The root stands on top; each row below has the path's node and the one of the proof."""
    boxes, joins = [], []
    above = Box(
        MIDDLE,
        4,
        "the signed root",
        steps[-1].result if steps else proof.leaf.hex(),
        is_given=False,
    )
    boxes.append(above)
    for row, step in enumerate(reversed(steps), start=1):
        number = len(steps) - row
        own = steps[number - 1].result if number else proof.leaf.hex()
        text = f"step {number}" if number else f"this entry, {proof.index}"
        is_left = step.side == "left"
        y = 4 + row * ROW
        path = Box(RIGHT if is_left else LEFT, y, text, own, is_given=False)
        given = Box(LEFT if is_left else RIGHT, y, step.covers, step.sibling, is_given=True)
        joins += [
            Join(box.centre, box.y, above.centre, above.y + HEIGHT, box.is_given)
            for box in (given, path)
        ]
        boxes += [given, path]
        above = path
    return boxes, joins
