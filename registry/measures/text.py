"""Compare an output with references: measures that need no judge.

Words are runs of letters and digits after Unicode NFKC and case folding, in any script that
separates them; nothing is stemmed and no stop word dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD = re.compile(r"[^\W_]+")
SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return the text without differences of case, compatibility forms and white space."""
    return SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return WORD.findall(folded(text))


def compare(output: str, references: Sequence[str]) -> dict[str, float]:
    """Return each measure of ``output``, from 0 to 1, against the reference that it is best for."""
    found = [_against(output, reference) for reference in references]
    return {name: max(each[name] for each in found) for name in found[0]}


def _against(output: str, reference: str) -> dict[str, float]:
    ours, theirs = words(output), words(reference)
    longest = LCSseq.similarity(ours, theirs)
    unigrams = overlap_f1(ours, theirs, size=1)
    return {
        "exact_match": float(folded(output) == folded(reference)),
        "token_f1": unigrams if ours or theirs else 1.0,
        "rouge1": unigrams,
        "rouge2": overlap_f1(ours, theirs, size=2),
        "rouge_l": f1(longest, len(ours), len(theirs)),
    }


def overlap_f1(ours: Sequence[str], theirs: Sequence[str], *, size: int) -> float:
    """Return F1 over the n-grams of ``size`` words, each counted as often as both have it."""
    mine, wanted = _ngrams(ours, size), _ngrams(theirs, size)
    return f1((mine & wanted).total(), mine.total(), wanted.total())


def _ngrams(text: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(text[start:] for start in range(size)), strict=False))


def f1(shared: int, ours: int, theirs: int) -> float:
    """Return the harmonic mean of shared / ours and shared / theirs, 0 where nothing is shared."""
    return 2 * shared / (ours + theirs) if shared else 0.0
