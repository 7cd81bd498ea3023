"""How much of a text fits: no browser is asked."""

from __future__ import annotations

import unicodedata

NARROW, WIDE = set("iIl.,:;'|!fjrt/()[]-_ "), set("mwMW@%")


def width(text: str, size: float) -> float:
    """Return about how wide ``text`` is in a sans serif of that size, rather too wide."""
    return sum(_share(character) for character in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """Return ``text``, or its beginning with an ellipsis, so that it is no wider than ``room``."""
    if width(text, size) <= room:
        return text
    room -= width("…", size)
    for end, character in enumerate(text):
        room -= _share(character) * size
        if room < 0:
            return f"{text[:end].rstrip()}…"
    return text


def _share(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.36
    return 0.9 if character in WIDE else 0.66 if character.isupper() else 0.57
