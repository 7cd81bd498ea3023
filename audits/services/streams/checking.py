"""What may be given for a stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audits.services.streams.addresses import Transport, place
from audits.streams.formats import FORMATS
from core.errors import InvalidInput
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audits.models import Stream

MAX_HEADERS = 20
MAX_WORDS = 50
MAX_BATCH = 1_000
# An action, or the first words of one, with or without ".*" behind them.
PATTERN = re.compile(r"[a-z_]+(\.[a-z_]+)*(\.\*)?\Z")
OUTCOME = re.compile(r"[a-z_]{1,20}\Z")
TOKEN = re.compile(r"[A-Za-z0-9-]{1,100}\Z")
VALUE = re.compile(r"[\x20-\x7e]{0,4000}\Z")
# What we say ourselves, and what would change how a request is read.
OURS = re.compile(r"(?i)(host|connection|content-.*|transfer-encoding|user-agent|webhook-.*)\Z")
CHANGEABLE = (
    "name",
    "address",
    "format",
    "batch",
    "with_names",
    "workspaces",
    "actions",
    "outcomes",
    "headers",
    "new_secret",
)


def require_known(given: Mapping[str, Any]) -> None:
    """Raise InvalidInput for a field that nobody can give."""
    if unknown := sorted(set(given) - set(CHANGEABLE)):
        raise InvalidInput.of(unknown[0], "cannot be given")


def checked_fields(given: Mapping[str, Any], *, of: Stream | None = None) -> dict[str, Any]:
    """Return the columns that ``given`` stands for, the secrets left out; ``of`` is the stream that
    is changed. Raises InvalidInput for what makes no sense."""
    checked = {
        name: value for name, value in given.items() if name not in {"headers", "new_secret"}
    }
    if "address" in checked:
        where = place(checked["address"])
        if of is not None and of.transport != where.transport:
            raise InvalidInput.of(
                "address", f"must stay one of {of.transport}; make another stream"
            )
        checked["transport"] = str(where.transport)
    if "format" in checked and checked["format"] not in FORMATS:
        raise InvalidInput.of("format", f"must be one of {', '.join(FORMATS)}")
    if "batch" in checked and not 1 <= checked["batch"] <= MAX_BATCH:
        raise InvalidInput.of("batch", f"must be 1 to {MAX_BATCH}")
    if "workspaces" in checked:
        checked["workspaces"] = _workspaces(checked["workspaces"])
    _require_words(checked.get("actions", ()), "actions", PATTERN)
    _require_words(checked.get("outcomes", ()), "outcomes", OUTCOME)
    if "headers" in given:
        transport = checked.get("transport") or (of.transport if of else "")
        _require_headers(given["headers"], transport)
    return checked


def _require_words(words: Sequence[str], name: str, shape: re.Pattern[str]) -> None:
    if len(words) > MAX_WORDS:
        raise InvalidInput.of(name, f"must have at most {MAX_WORDS} entries")
    if wrong := [each for each in words if not shape.match(each)]:
        raise InvalidInput.of(name, f"{wrong[0][:80]!r} can be none of them")


def _workspaces(slugs: Sequence[str]) -> list[str]:
    known = dict(Workspace.objects.filter(slug__in=slugs).values_list("slug", "uuid"))
    if unknown := [slug for slug in slugs if slug not in known]:
        raise InvalidInput.of("workspaces", f"there is no workspace {unknown[0][:80]!r}")
    return [str(known[slug]) for slug in slugs]


def _require_headers(headers: Mapping[str, str], transport: str) -> None:
    if headers and transport != Transport.HTTP:
        raise InvalidInput.of("headers", "are for streams over HTTP only")
    if len(headers) > MAX_HEADERS:
        raise InvalidInput.of("headers", f"must be at most {MAX_HEADERS}")
    for name, value in headers.items():
        if not TOKEN.match(name) or OURS.match(name):
            raise InvalidInput.of("headers", f"{name[:80]!r} cannot be given")
        if not VALUE.match(value):
            raise InvalidInput.of("headers", f"{name}: must hold printable ASCII characters only")
