"""Texts as words, split and folded before either database sees them, so that both find the same.

A word is a run of letters and digits, without case and accents; each character of a script that
is written without spaces is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_])+")
LONGEST = 64
MOST_ASKED = 20
# PostgreSQL keeps no place beyond this one, and no more than this many of one word.
LAST_PLACE = 16_383
MOST_PLACES = 255
WEIGHTS = "ABCD"


def fold(text: str) -> str:
    """Return ``text`` without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain.casefold())


def words_of(text: str) -> Iterator[str]:
    """Return the words of ``text``, in order."""
    return (found.group()[:LONGEST] for found in WORD.finditer(fold(text)))


def spaced(text: str) -> str:
    """Return the words of ``text``, each behind a space."""
    return "".join(f" {word}" for word in words_of(text))


def asked_words(query: str) -> list[str]:
    """Return the words that a query asks for, each once; the first 20 count."""
    return list(dict.fromkeys(words_of(query)))[:MOST_ASKED]


def fts5_query(words: Sequence[str], *, columns: str = "") -> str:
    """Return FTS5's form of "every word, or one that begins so", in all columns or these."""
    wanted = " AND ".join(f'"{word}"*' for word in words)
    return f"{{{columns}}} : ({wanted})" if columns else wanted


def tsquery(words: Sequence[str], *, weights: str = "") -> str:
    """Return PostgreSQL's form of the same; ``weights`` are those of columns."""
    return " & ".join(f"'{word}':*{weights}" for word in words)


def tsvector(columns: Sequence[str]) -> str:
    """Return PostgreSQL's literal for texts in the order of their weight, up to four."""
    places: dict[str, list[str]] = {}
    place = 0
    for weight, text in zip(WEIGHTS, columns, strict=False):
        for word in words_of(text):
            place = min(place + 1, LAST_PLACE)
            held = places.setdefault(word, [])
            if len(held) < MOST_PLACES:
                held.append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(held)}" for word, held in places.items())
