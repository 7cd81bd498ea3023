"""Every address x method x caller is answered with the status of the matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from tests.api.matrix import AREAS
from tests.api.rows import Row
from tests.api.world import CALLERS, World

METHODS = ("get", "post", "put", "patch", "delete")
# What other products' clients speak has a matrix of its own: tests/mlflow/test_matrix.py and
# tests/lineage/received/test_matrix.py.
PROTOCOLS = ("api/2.0/", "api/3.0/", "api/v1/")
PARAMETER = re.compile(r"<[a-z]+:[a-z_]+>")


def addresses(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """(method, route) of every view under /api."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif route.startswith("api/") and not route.startswith(PROTOCOLS):
            yield from ((method.upper(), route) for method in methods(pattern.callback))


def methods(view: Any) -> list[str]:
    """The methods that a view answers: a viewset says so itself, others by what they define."""
    actions = getattr(view, "actions", None)
    if actions is not None:
        return [method for method in METHODS if method in actions]
    view_class = getattr(view, "view_class", None) or view.cls
    return [method for method in METHODS if hasattr(view_class, method)]


def test_every_address_and_method_has_a_row_and_every_row_an_address() -> None:
    found = sorted(addresses(get_resolver().url_patterns))
    rows = [row for area in AREAS.values() for row in area]

    assert sorted((row.method, row.route) for row in rows) == found
    assert all(len(row.expected) == len(CALLERS) for row in rows)


def ask(client: APIClient, row: Row, world: World) -> Any:
    """Send the row's request as it stands in the matrix."""
    names = iter(row.at)
    path = PARAMETER.sub(lambda match: str(world.at[next(names)]), row.route)
    address = f"/{path}{row.query.format(**world.at)}"
    body = row.body(world) if row.body else None
    send = getattr(client, row.method.lower())
    return send(address, body, format="json", headers=row.headers)


def answers(row: Row, world: World) -> dict[str, int]:
    """The status that each caller gets; what a call changed is undone before the next."""
    answered = {}
    for caller in CALLERS:
        with transaction.atomic():
            answer = ask(world.clients[caller], row, world)
            transaction.set_rollback(True)
        answered[caller] = answer.status_code
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
    return answered


@pytest.mark.parametrize("area", AREAS)
def test_every_caller_is_answered_as_the_matrix_says(area: str, world: World) -> None:
    wrong = {
        f"{row.method} {row.route}": f"{caller} gets {got}, not {expected}"
        for row in AREAS[area]
        for (caller, got), expected in zip(answers(row, world).items(), row.expected, strict=True)
        if got != expected
    }

    assert wrong == {}
