"""How a row of the matrix is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.world import World

Body: TypeAlias = "Callable[[World], Any]"


@dataclass(frozen=True)
class Row:
    """``at`` names what of the world stands for the address's parameters, in order."""

    method: str
    route: str
    statuses: str
    body: Body | None = None
    at: tuple[str, ...] = ()
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> list[int]:
        return [int(status) for status in self.statuses.split()]


def row(method: str, route: str, statuses: str, *at: str, **options: Any) -> Row:
    return Row(method, f"api/{route}", statuses, at=at, **options)


WHATEVER_IS_THERE = {"If-Match": "*"}
EVERYBODY = "200 200 200 200 200 200 200 200 200"
SIGNED_IN = "401 200 200 200 200 200 200 200 200"
WHO_SEES_IT = "401 404 200 200 200 200 200 200 200"
CREATED_BY_ALL = "401 201 201 201 201 201 201 201 201"
ADMINISTRATOR = "401 403 403 403 403 403 403 403 201"
