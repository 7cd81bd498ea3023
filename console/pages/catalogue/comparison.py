"""Versions side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from console.pages.shell import page
from core.errors import InvalidInput
from registry.admin.mixin import actor_of
from registry.queries.catalogue.comparison import MOST, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.queries.catalogue.comparison import Comparison, Row

TITLES = {"spec": "Content", "card": "Card", "metrics": "Metrics"}
ONLY = "differences"


@dataclass(frozen=True)
class Line:
    """A fact with a text per version, empty where there is none."""

    name: str
    texts: Sequence[str]
    is_equal: bool


def side_by_side(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return two to five versions fact by fact; fewer, more or unknown ones are told."""
    actor = actor_of(request)
    given = [text.strip() for text in request.GET.getlist("ref") if text.strip()]
    references = list(dict.fromkeys(given))
    only = request.GET.get("only") == ONLY
    found: Comparison | None = None
    wrong: list[str] = []
    if len(references) > 1:
        try:
            found = compare(actor, references)
        except InvalidInput as error:
            wrong = [_reason(each.field, each.reason, references) for each in error.errors]
    return page(
        site,
        request,
        "console/comparison.html",
        title="Compare",
        status=400 if wrong else 200,
        references=[(text, _address(references, only=only, less=text)) for text in references],
        versions=found.versions if found else [],
        columns=_columns(found, references, only=only),
        parts=_parts(found.rows, only=only) if found else [],
        differences=sum(not row.is_equal for row in found.rows) if found else 0,
        same=sum(row.is_equal for row in found.rows) if found else 0,
        only=only,
        other=_address(references, only=not only),
        wrong=wrong,
        most=MOST,
        has_room=len(references) < MOST,
    )


def _address(references: Sequence[str], *, only: bool, less: str = "") -> str:
    values: list[tuple[str, str]] = [("ref", text) for text in references if text != less]
    return "?" + urlencode([*values, *([("only", ONLY)] if only else [])])


def _reason(field: str, reason: str, references: Sequence[str]) -> str:
    for at, text in enumerate(references):
        if field == f"ref[{at}]":
            return f"{text}: {reason}"
    return reason


def _columns(
    found: Comparison | None, references: Sequence[str], *, only: bool
) -> list[tuple[Any, str]]:
    """Return each version with the address of the comparison without it."""
    if found is None:
        return []
    told = zip(found.versions, references, strict=True)
    return [(version, _address(references, only=only, less=text)) for version, text in told]


def _parts(rows: Sequence[Row], *, only: bool) -> list[tuple[str, list[Line]]]:
    """Return the facts under the heads of what they are facts of."""
    wanted = sorted((row for row in rows if not (only and row.is_equal)), key=_rank)
    return [
        (TITLES.get(part, "Version"), [_line(row) for row in each])
        for part, each in groupby(wanted, _part)
    ]


def _part(row: Row) -> str:
    first, dot, _ = row.field.partition(".")
    return first if dot and first in TITLES else ""


def _rank(row: Row) -> int:
    return ["", *TITLES].index(_part(row))


def _line(row: Row) -> Line:
    part = _part(row)
    name = row.field.removeprefix(f"{part}.") if part else row.field.replace(".", " ")
    return Line(
        name.replace("_", " ").replace(".", ": "),
        [_text(value) for value in row.values],
        row.is_equal,
    )


def _text(value: object) -> str:
    """Return a value as people read it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.6g}"
        case list() if all(isinstance(each, str | int | float) for each in value):
            return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
