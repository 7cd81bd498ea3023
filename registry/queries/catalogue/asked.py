"""What a caller asks the catalogue for, checked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from core.errors import InvalidInput
from core.texts import check_text
from registry.models.catalogue import MAX_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

_T = TypeVar("_T")
MAX_QUERY = 1_000
MAX_VALUES = 20
LARGEST = 2**63 - 1
RELEVANCE = "relevance"
# Columns that are compared with one or several values; a facet counts each.
COLUMNS = (
    "workspace",
    "stage",
    "kind",
    "task",
    "provider",
    "license",
    "risk_tier",
    "source_type",
    "lifecycle",
    "card_status",
    "scan_verdict",
)
# Where a column of the same name is not the entry's own.
PATHS = {"workspace": "workspace__slug", "stage": "workspace__stage"}
# Each value must be among the entry's.
LABELS = ("modality", "tag", "alias")
ORDERS = {
    "name": ("name", False),
    "-name": ("name", True),
    "updated": ("updated_at", False),
    "-updated": ("updated_at", True),
    "created": ("created_at", False),
    "-created": ("created_at", True),
    "parameters": ("parameters", False),
    "-parameters": ("parameters", True),
    "context_length": ("context_length", False),
    "-context_length": ("context_length", True),
    "price": ("price", False),
    "-price": ("price", True),
}
METRIC = re.compile(
    r"(?P<name>.{1,200}?)\s*(?P<operator>>=|<=|>|<|=)\s*(?P<value>[-+.0-9eE]{1,40})"
)
LOOKUPS = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt", "=": "exact"}


@dataclass(frozen=True)
class Bound:
    """A condition on the last value of a metric."""

    name: str
    lookup: str
    value: float


@dataclass(frozen=True)
class Asked:
    """A question to the catalogue. ``columns`` and ``labels`` map field names to values."""

    query: str = ""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    owners: Sequence[str] = ()
    metrics: Sequence[Bound] = ()
    parameters_min: int | None = None
    parameters_max: int | None = None
    context_length_min: int | None = None
    price_max: Decimal | None = None
    currency: str = "USD"
    updated_after: datetime | None = None
    order: str = ""

    @property
    def effective_order(self) -> str:
        """Return the order that holds: by relevance where words are asked for."""
        return self.order or (RELEVANCE if self.query.strip() else "-updated")


def asked(values: Mapping[str, Sequence[str]]) -> Asked:
    """Return the question that query parameters ask, each with all of its values.

    An empty value asks for nothing. Raises InvalidInput for a value that cannot be one.
    """
    last = {name: found[-1] for name, found in values.items() if found}
    order = last.get("order", "")
    if order and order not in {*ORDERS, RELEVANCE}:
        raise InvalidInput.of("order", f"must be one of {', '.join([RELEVANCE, *ORDERS])}")
    return Asked(
        query=_query(last.get("q", "")),
        columns=_several(values, COLUMNS),
        labels=_several(values, LABELS),
        owners=_several(values, ("owner",)).get("owner", ()),
        metrics=[_bound(text) for text in _several(values, ("metric",)).get("metric", ())],
        parameters_min=_given(last, "parameters_min", _whole),
        parameters_max=_given(last, "parameters_max", _whole),
        context_length_min=_given(last, "context_length_min", _whole),
        price_max=_given(last, "price_max", _amount),
        currency=_currency(last.get("currency", "")),
        updated_after=_given(last, "updated_after", _moment),
        order=order,
    )


def _query(text: str) -> str:
    """Return the words to look for, of whatever text: what cannot be stored cannot be found."""
    return text[:MAX_QUERY].replace("\x00", " ")


def _several(
    values: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    found = {}
    for name in names:
        texts = tuple(dict.fromkeys(text for text in values.get(name, ()) if text))
        if len(texts) > MAX_VALUES:
            raise InvalidInput.of(name, f"may be given {MAX_VALUES} times at most")
        for text in texts:
            check_text(text, field=name, limit=MAX_LABEL)
        if texts:
            found[name] = texts
    return found


def _given(last: Mapping[str, str], name: str, read: Callable[[str, str], _T]) -> _T | None:
    text = last.get(name, "")
    return read(name, text) if text else None


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST):
        raise InvalidInput.of(name, "must be a whole number")
    return int(text)


def _amount(name: str, text: str) -> Decimal:
    try:
        amount = Decimal(text) if text.isascii() and len(text) <= 40 else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise InvalidInput.of(name, "must be a number from 0 to 10^12, such as 2.50")
    return amount.quantize(Decimal("1e-12"))


def _moment(name: str, text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or is_naive(found):
        raise InvalidInput.of(name, "must be a time with offset, such as 2026-01-31T12:00:00Z")
    return found


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise InvalidInput.of("currency", "must be a code of ISO 4217, such as USD")
    return text or Asked.currency


def _bound(text: str) -> Bound:
    found = METRIC.fullmatch(text.strip())
    try:
        value = float(found["value"]) if found else math.nan
    except ValueError:
        value = math.nan
    if found is None or not math.isfinite(value):
        raise InvalidInput.of("metric", "must be a comparison such as accuracy>=0.9")
    return Bound(found["name"], LOOKUPS[found["operator"]], value)
