"""Long names of things, as people read them."""

from __future__ import annotations

ROOM = 50


def brief(subject: str) -> str:
    """Return the name of something as it is, or the last part of each of its paths if it is long:
    ids of cloud platforms run over lines."""
    if len(subject) <= ROOM:
        return subject
    return " ".join(part.rpartition("/")[2] or part for part in subject.split(" "))
