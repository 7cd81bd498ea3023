"""Texts line by line: what one has that the other has not."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES = 2_000


@dataclass(frozen=True)
class Difference:
    """Lines with their marks: ``+`` is new, ``-`` is gone, a space stands in both. ``of`` says of
    what; ``is_cut`` tells that only the first lines were looked at."""

    of: str
    lines: list[tuple[str, str]]
    is_cut: bool

    @property
    def is_none(self) -> bool:
        """Tell whether both are equal."""
        return all(mark == " " for mark, _ in self.lines)


def differences(before: Sequence[str], after: Sequence[str], *, of: str) -> Difference:
    """Return the lines of both, those that are gone before those that are new."""
    old, new = list(before[:MOST_LINES]), list(after[:MOST_LINES])
    lines: list[tuple[str, str]] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            lines += [(" ", line) for line in old[start:end]]
            continue
        lines += [("-", line) for line in old[start:end]]
        lines += [("+", line) for line in new[new_start:new_end]]
    return Difference(of, lines, is_cut=max(len(before), len(after)) > MOST_LINES)
