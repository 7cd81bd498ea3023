"""What the address of the catalogue's page asks, and addresses that ask a little differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone

from core.errors import InvalidInput
from registry.queries.catalogue.asked import COLUMNS, LABELS, Asked, asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

SINGLE = (
    "q",
    "order",
    "parameters_min",
    "parameters_max",
    "context_length_min",
    "price_max",
    "currency",
    "updated_after",
    "fresh",
)
SEVERAL = (*COLUMNS, *LABELS, "owner", "metric")
# The fields that a metric is asked for with, in the order in which they make up the condition.
METRIC = ("metric_name", "metric_is", "metric_value")
FRESH = {"1": "the last day", "7": "the last week", "30": "the last 30 days", "90": "90 days"}


@dataclass(frozen=True)
class Question:
    """The filters by name; ``asked`` is None where ``wrong`` tells by field what cannot be."""

    given: Mapping[str, tuple[str, ...]]
    asked: Asked | None
    wrong: Mapping[str, str]

    def address(self, **changes: tuple[str, ...]) -> str:
        """Return the page's address with other values of some filters, on its first page."""
        values = {**self.given, **changes}
        return "?" + urlencode({name: each for name, each in values.items() if each}, doseq=True)

    def toggled(self, name: str, value: str) -> str:
        """Return the address with that value of a filter added, or taken away."""
        held = self.given.get(name, ())
        is_held = value in held
        return self.address(
            **{name: tuple(each for each in held if each != value) if is_held else (*held, value)}
        )

    def last(self, name: str) -> str:
        """Return the one value of a filter that has one."""
        return (self.given.get(name) or ("",))[-1]


def question(parameters: QueryDict) -> Question:
    """Return what the parameters of an address ask; nothing in them is an exception."""
    given: dict[str, tuple[str, ...]] = {}
    for name in (*SINGLE, *SEVERAL):
        values = [text.strip() for text in parameters.getlist(name)]
        found = tuple(dict.fromkeys(text for text in values if text))
        if found:
            given[name] = found[-1:] if name in SINGLE else found
    if parameters.get("metric_name", "").strip():
        condition = "".join(parameters.get(name, "").strip() for name in METRIC)
        given["metric"] = tuple(dict.fromkeys((*given.get("metric", ()), condition)))
    try:
        return Question(given, asked(_told(given)), {})
    except InvalidInput as error:
        return Question(given, None, {each.field: each.reason for each in error.errors})


def _told(given: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the filters as the catalogue takes them."""
    told = {name: values for name, values in given.items() if name != "fresh"}
    if "fresh" not in given:
        return told
    days = given["fresh"][0]
    if days not in FRESH:
        raise InvalidInput.of("fresh", f"must be one of {', '.join(FRESH)}")
    since = timezone.now() - timedelta(days=int(days))
    return {**told, "updated_after": (since.isoformat(),)}
