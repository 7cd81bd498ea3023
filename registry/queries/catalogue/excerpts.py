"""The part of a text where a query's words stand, as pieces: no markup, nothing to escape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.queries.catalogue.words import WORD, asked_words, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

BEFORE = 60
LENGTH = 240


@dataclass(frozen=True)
class Piece:
    """Text as it was written; ``hit`` tells a word that was asked for."""

    text: str
    hit: bool


def excerpt(text: str, query: str) -> list[Piece]:
    """Return about 240 characters of ``text`` around the first hit, in pieces that join to it.

    Without a hit it is the beginning; a piece "…" of its own stands for what is left out.
    """
    words = asked_words(query)
    hits = _hits(text, words) if words else []
    start = max(hits[0][0] - BEFORE, 0) if hits else 0
    end = min(start + LENGTH, len(text))
    pieces = [Piece("…", hit=False)] if start else []
    place = start
    for first, last in hits:
        if last > end:
            break
        if first > place:
            pieces.append(Piece(text[place:first], hit=False))
        pieces.append(Piece(text[first:last], hit=True))
        place = last
    if place < end:
        pieces.append(Piece(text[place:end], hit=False))
    return [*pieces, Piece("…", hit=False)] if end < len(text) else pieces


def _hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    wanted = tuple(words)
    return [found.span() for found in WORD.finditer(text) if fold(found.group()).startswith(wanted)]
