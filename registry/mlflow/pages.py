"""Pages by key, not by offset: the cost of a page does not grow with its place.

A page token says where the page before ended. It is signed, and good for the question that it was
given for only: another filter, order or workspace makes it invalid.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from core.canonical import sha256
from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet

    from registry.mlflow.filters import Ordering

    AnyModel = TypeVar("AnyModel", bound=Model)

SALT = "registry.mlflow.pages"
MAX_TOKEN = 4_096


class Pager:
    """Pages of one question: ``columns`` maps what is ordered by to fields, in order."""

    def __init__(self, question: Sequence[str], orders: Sequence[tuple[str, bool]]) -> None:
        self._question = sha256("\x00".join(question).encode())[7:39]
        self._orders = orders

    def page(self, rows: QuerySet[AnyModel], *, size: int, token: str) -> tuple[list[int], str]:
        """Return the ids of one page, and the token of the next, empty at the end."""
        if token:
            rows = rows.filter(self._beyond(self._values(token)))
        names = [name for name, _ in self._orders]
        ordered = rows.order_by(*(f"-{name}" if down else name for name, down in self._orders))
        found = list(ordered.values_list("pk", *names)[: size + 1])
        following = self._token(found[size - 1][1:]) if len(found) > size else ""
        return [row[0] for row in found[:size]], following

    def _beyond(self, values: Sequence[Any]) -> Q:
        """Return what comes after ``values``: greater in one column, equal in those before it."""
        condition, equal = Q(), Q()
        for (name, is_descending), value in zip(self._orders, values, strict=True):
            comparison = "lt" if is_descending else "gt"
            condition |= equal & Q(**{f"{name}__{comparison}": value})
            equal &= Q(**{name: value})
        return condition

    def _token(self, values: Sequence[Any]) -> str:
        written = [value.isoformat() if isinstance(value, datetime) else value for value in values]
        return Signer(salt=SALT).sign_object([self._question, written])

    def _values(self, token: str) -> list[Any]:
        if len(token) > MAX_TOKEN:
            raise _foreign_token()
        try:
            question, written = Signer(salt=SALT).unsign_object(token)
        except (BadSignature, ValueError) as error:
            raise _foreign_token() from error
        if question != self._question:
            raise _foreign_token()
        return list(written)


def ordered_by(
    asked: Sequence[Ordering], fields: dict[str, str], *, ties: Sequence[tuple[str, bool]]
) -> list[tuple[str, bool]]:
    """Return (field, descending) of what was asked for, and of ``ties`` what that leaves open."""
    orders = [(fields[one.key], one.is_descending) for one in asked]
    named = {name for name, _ in orders}
    return orders + [(name, down) for name, down in ties if name not in named]


def _foreign_token() -> InvalidInput:
    return InvalidInput.of("page_token", "Invalid page token: not one that this search gave out")
