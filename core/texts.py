"""What a text must be to be stored, whatever door it came through."""

from __future__ import annotations

from core.canonical import sha256
from core.errors import InvalidInput

BRIEF = 500


def check_text(text: str, *, field: str, limit: int) -> str:
    """Return ``text`` if it has at most ``limit`` characters and every database can hold it.

    Raises InvalidInput of ``field`` for NUL characters, lone surrogates and what is no text.
    """
    if not isinstance(text, str):
        raise InvalidInput.of(field, "must be a string")
    if len(text) > limit:
        raise InvalidInput.of(field, f"must have at most {limit} characters, not {len(text)}")
    if "\x00" in text:
        raise InvalidInput.of(field, "contains a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidInput.of(field, "contains half of a surrogate pair") from None
    return text


def storable(text: str, *, limit: int | None = None) -> str:
    """Return what others said as text that either database can hold, cut to ``limit``."""
    return text.replace("\x00", "\ufffd")[:limit]


def journal_text(text: str | None) -> dict[str, object]:
    """Return what the journal says of a text: itself, or its digest and size if it is long."""
    if text is None or len(text) <= BRIEF:
        return {"value": text}
    encoded = text.encode()
    return {"digest": sha256(encoded), "size": len(encoded)}
