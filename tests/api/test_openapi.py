"""The published description of the API."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from tests.api.matrix import AREAS
from tests.api.rows import Row
from tests.api.test_matrix import PARAMETER, ask
from tests.api.world import World

LINES = "application/x-ndjson"
DESCRIPTION = "urn:muniment:description"


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


PARAMETER_IN_DESCRIPTION = re.compile(r"{[a-z_]+}")


class Described:
    """Tells what in an answer is not as the description says."""

    def __init__(self, description: dict[str, Any]) -> None:
        # Compiled once: the schemas refer to each other all over the description.
        self.registry = jsonschema_rs.Registry([(DESCRIPTION, description)])
        self.validators: dict[str, Any] = {}
        self.operations = {
            (method.upper(), PARAMETER_IN_DESCRIPTION.sub("{}", path)): operation["responses"]
            for path, methods in description["paths"].items()
            for method, operation in methods.items()
        }

    def complaint(self, row: Row, answer: Any) -> str:
        """What is wrong with the answer to `row`, empty where nothing is."""
        responses = self.operations[row.method, "/" + PARAMETER.sub("{}", row.route)]
        described = responses.get(str(answer.status_code), responses["default"])
        content = described.get("content", {})
        body = b"".join(answer) if answer.streaming else answer.content
        media = answer.headers.get("Content-Type", "").partition(";")[0]
        if media == LINES and media in content:  # a value each, or none at all
            return ""
        if not body:
            return "has no body" if content else ""
        if media not in content:
            return f"{answer.status_code} answers {media}, not {', '.join(content) or 'nothing'}"
        if not media.endswith("json"):
            return ""
        validator, document = self._validator(content[media]["schema"]), json.loads(body)
        return "; ".join(
            f"{error.instance_path}: {error.message[:160]}"
            for error in validator.iter_errors(document)
        )

    def _validator(self, schema: dict[str, Any]) -> Any:
        text = json.dumps(schema)
        if text not in self.validators:
            self.validators[text] = jsonschema_rs.validator_for(
                json.loads(text.replace('"$ref": "#', f'"$ref": "{DESCRIPTION}#')),
                registry=self.registry,
                validate_formats=True,
            )
        return self.validators[text]


@pytest.fixture(scope="module")
def described(description: dict[str, Any]) -> Described:
    return Described(description)


@pytest.mark.django_db
@pytest.mark.parametrize("area", sorted(AREAS.keys() - {"description"}))
@pytest.mark.parametrize("caller", ["administrator", "outsider"])
def test_every_answer_is_as_it_is_described(
    area: str, caller: str, world: World, described: Described
) -> None:
    wrong = {}
    for row in AREAS[area]:
        with transaction.atomic():
            answer = ask(world.clients[caller], row, world)
            transaction.set_rollback(True)
        if complaint := described.complaint(row, answer):
            wrong[f"{row.method} {row.route}"] = complaint

    assert wrong == {}


@pytest.mark.django_db
def test_options_tell_the_methods_and_evaluate_no_form(world: World) -> None:
    client = world.clients["reader"]
    for path in ("/api/registry/workspaces/dev/card-requirements/", "/api/registry/versions/"):
        answer = client.options(path, {"kind": "model"}, format="json")

        assert answer.status_code == 200
        assert "GET" in answer["Allow"]
