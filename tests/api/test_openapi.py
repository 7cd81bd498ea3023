"""The published description of the API."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from tests.api.matrix import AREAS


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    generated: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return generated


def test_it_is_openapi_3_1_and_is_generated_without_a_warning(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_it_describes_every_address_of_the_matrix(description: dict[str, Any]) -> None:
    described = sum(len(operations) for operations in description["paths"].values())
    undescribed = len(AREAS["description"])  # the description does not describe itself

    assert described == sum(len(rows) for rows in AREAS.values()) - undescribed


def test_every_operation_says_what_it_does_and_who_may_ask(description: dict[str, Any]) -> None:
    operations = {
        f"{method} {path}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }

    assert [name for name, item in operations.items() if not item.get("description")] == []
    assert len({item["operationId"] for item in operations.values()}) == len(operations)
    assert set(description["components"]["securitySchemes"]) == {"token", "session"}


def test_every_schema_in_it_is_a_json_schema(description: dict[str, Any]) -> None:
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


@pytest.mark.django_db
def test_it_is_served_to_everybody_with_its_pages() -> None:
    served = Client().get("/api/schema/", headers={"Accept": "application/json"})

    assert json.loads(served.content)["openapi"].startswith("3.1.")
    assert Client().get("/api/docs/").status_code == 200
