"""Pages of the catalogue that never show a row twice or lose one.

Ordered by a fact, a page begins behind the last row's value. Ranks, however, change with every
word that anybody writes anywhere, so that the cursor of a ranked list names what was shown, and
the next page is the best of the rest; such a list ends after 500 rows.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q

from core.errors import InvalidInput
from registry import access
from registry.models import AssetOwner, CatalogueEntry, CatalogueLabel, CatalogueMetric
from registry.queries.catalogue.asked import ORDERS, RELEVANCE
from registry.queries.catalogue.search import most_likely, ranked, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.queries.catalogue.asked import Asked

MAX_RANKED = 500
MAX_CURSOR = 8_000
MAX_CURSOR_TEXT = 64_000
LARGEST = 2**63 - 1
FIELDS = {field.name: field for field in CatalogueEntry._meta.concrete_fields}


@dataclass(frozen=True)
class Page:
    """Entries with what is shown of them, and the cursor of the next page, empty at the end."""

    entries: Sequence[CatalogueEntry]
    cursor: str


def page(actor: Actor, asked: Asked, *, cursor: str = "", limit: int = 50) -> Page:
    """Return one page of the entries that answer ``asked``, in a constant number of queries.

    Ordered by a fact that not all entries have, those that lack it are left out. Raises
    InvalidInput for a cursor that this question did not give.
    """
    entries = search(actor, asked)
    if asked.effective_order == RELEVANCE:
        return _ranked_page(actor, entries, asked, cursor=cursor, limit=limit)
    column, descending = ORDERS[asked.effective_order]
    entries = entries.filter(**{f"{column}__isnull": False})
    if cursor:
        entries = entries.filter(_behind(cursor, column, descending=descending))
    sign = "-" if descending else ""
    ordered = entries.order_by(f"{sign}{column}", f"{sign}asset")
    rows = list(shown(actor, ordered)[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, "")
    last = rows[limit - 1]
    return Page(rows[:limit], _pack([column, FIELDS[column].value_to_string(last), last.pk]))


def _ranked_page(
    actor: Actor, entries: QuerySet[CatalogueEntry], asked: Asked, *, cursor: str, limit: int
) -> Page:
    seen = _seen(cursor) if cursor else []
    room = min(limit, MAX_RANKED - len(seen))
    likely = most_likely(entries.exclude(pk__in=seen), asked.query)
    rest = ranked(likely, asked.query)
    rows = list(shown(actor, rest)[: room + 1])
    seen = sorted([*seen, *(row.pk for row in rows[:room])])
    is_last = len(rows) <= room or len(seen) >= MAX_RANKED
    return Page(rows[:room], "" if is_last else _pack(["seen", *seen]))


def shown(actor: Actor, entries: QuerySet[CatalogueEntry]) -> QuerySet[CatalogueEntry]:
    """Return the entries with what their readers are shown."""
    metrics = CatalogueMetric.objects.filter(access.in_reach(actor)).order_by("name", "evaluator")
    owners = AssetOwner.objects.filter(valid_to__isnull=True).select_related("user", "group")
    return entries.select_related("workspace", "version", "asset__created_by").prefetch_related(
        Prefetch("labels", CatalogueLabel.objects.order_by("field", "value")),
        Prefetch("metrics", metrics.select_related("version__asset__workspace")),
        Prefetch("asset__owners", owners.order_by("id"), to_attr="open_owners"),
    )


def _pack(values: list[Any]) -> str:
    packed = zlib.compress(json.dumps(values, separators=(",", ":")).encode())
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unpack(cursor: str) -> list[Any]:
    try:
        packed = base64.urlsafe_b64decode(cursor[:MAX_CURSOR] + "=" * (-len(cursor) % 4))
        text = zlib.decompressobj().decompress(packed, MAX_CURSOR_TEXT)
        values = json.loads(text)
    except (ValueError, binascii.Error, zlib.error, RecursionError) as error:
        raise _unknown() from error
    if not isinstance(values, list) or not values:
        raise _unknown()
    return values


def _unknown() -> InvalidInput:
    return InvalidInput.of("cursor", "is not one that this list gave out")


def _is_key(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _seen(cursor: str) -> list[int]:
    name, *seen = _unpack(cursor)
    if name != "seen" or len(seen) > MAX_RANKED or not all(map(_is_key, seen)):
        raise _unknown()
    return seen


def _behind(cursor: str, column: str, *, descending: bool) -> Q:
    """Return the condition of standing behind the last row of the page before."""
    values = _unpack(cursor)
    if len(values) != 3 or values[0] != column or not _is_key(values[2]):
        raise _unknown()
    try:
        value = FIELDS[column].to_python(values[1]) if isinstance(values[1], str) else None
    except ValidationError as error:
        raise _unknown() from error
    if value is None or "\x00" in values[1]:
        raise _unknown()
    beyond = "lt" if descending else "gt"
    tied = Q(**{column: value, f"asset__{beyond}": values[2]})
    return Q(**{f"{column}__{beyond}": value}) | tied
