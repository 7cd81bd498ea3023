"""What a request asks for beside its path. Clients send empty texts for what they leave out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

MAX_LIMIT = 1_000
MAX_DEPTH = 100
DEFAULT_DEPTH = 20  # Marquez's
MAX_OFFSET = 10_000_000


def number(query: QueryDict, name: str, *, default: int, most: int) -> int:
    """Return a whole number that is not negative, at most ``most``; raises InvalidInput."""
    text = query.get(name) or ""
    if text in ("", "None"):
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput.of(name, "must be a whole number from 0 on")
    return min(int(text), most)


def window(query: QueryDict, *, default: int = 100) -> tuple[int, int]:
    """Return ``limit``, cut to 1,000, and ``offset``."""
    limit = number(query, "limit", default=default, most=MAX_LIMIT)
    return limit, number(query, "offset", default=0, most=MAX_OFFSET)


def depth(query: QueryDict) -> int:
    """Return ``depth``, cut to 100."""
    return number(query, "depth", default=DEFAULT_DEPTH, most=MAX_DEPTH)


def required(query: QueryDict, name: str) -> str:
    """Return a text; raises InvalidInput where it is missing."""
    text = query.get(name) or ""
    if not text:
        raise InvalidInput.of(name, "is required")
    return text


def choice(query: QueryDict, name: str, choices: Collection[str], *, default: str) -> str:
    """Return one of ``choices``, in upper case; raises InvalidInput."""
    text = (query.get(name) or default).upper()
    if text not in choices:
        raise InvalidInput.of(name, f"must be one of {', '.join(choices)}")
    return text


def flag(query: QueryDict, name: str) -> bool:
    """Return whether a parameter says true."""
    return (query.get(name) or "").lower() == "true"


def time(query: QueryDict, name: str) -> datetime | None:
    """Return a time in UTC, None where it is missing; raises InvalidInput."""
    # A plus sign that is not encoded arrives as a space.
    text = (query.get(name) or "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput.of(name, "must be a time as 2026-01-31T12:00:00Z") from None


def zone(query: QueryDict) -> ZoneInfo:
    """Return the time zone of ``timezone``, UTC where it is missing; raises InvalidInput."""
    name = query.get("timezone") or "UTC"
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # unknown, or not a name at all
        raise InvalidInput.of("timezone", f"there is no time zone {name[:80]!r}") from None
