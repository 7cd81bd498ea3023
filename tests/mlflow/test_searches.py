"""The two searches: filters, orders, pages, limits, and what they cost."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from registry.models import Workspace
from tests.factories import make_model, make_prompt, make_workspace, member
from tests.mlflow.client import Wire, tags
from tests.support.sharing import shared_rows

MODELS = "registered-models/search"
VERSIONS = "model-versions/search"


def fill_shelf() -> tuple[Workspace, Wire]:
    """Models of various names and tags, with versions of various runs."""
    place = make_workspace("protocol")
    author = Wire(member(place, "author"), place)
    for name, team in (("Alpha", "red"), ("alphabet", "Red"), ("beta_1", "blue"), ("betaX1", "")):
        author.make_model(name, tags=tags(team=team) if team else [])
        author.make_version(name, f"s3://bucket/{name}", run_id=f"run-{name}", tags=tags(of=name))
    author.make_version("Alpha", "S3://BUCKET/second", run_id="other")
    return place, author


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Workspace, Wire]]:
    with shared_rows(fill_shelf, django_db_blocker) as made:
        yield made


@pytest.fixture
def place(filled: tuple[Workspace, Wire], db: None) -> Workspace:
    return copy.copy(filled[0])


@pytest.fixture
def shelf(filled: tuple[Workspace, Wire], db: None) -> Wire:
    """Who filled the shelf; it is filled once for the tests of this module."""
    return filled[1]


def names(wire: Wire, text: str = "", **more: Any) -> list[str]:
    found = wire.ok("GET", MODELS, filter=text, **more)["registered_models"]
    return [model["name"] for model in found]


def numbers(wire: Wire, text: str = "", **more: Any) -> list[tuple[str, str]]:
    found = wire.ok("GET", VERSIONS, filter=text, **more)["model_versions"]
    return [(version["name"], version["version"]) for version in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"Alpha", "alphabet", "beta_1", "betaX1"}),
        ("name = 'Alpha'", {"Alpha"}),
        ("name != 'Alpha'", {"alphabet", "beta_1", "betaX1"}),
        ("name LIKE 'alpha%'", {"alphabet"}),
        ("name LIKE 'Alpha'", {"Alpha"}),
        ("name LIKE 'ALPHA%'", set()),
        ("name ILIKE 'ALPHA%'", {"Alpha", "alphabet"}),
        ("name LIKE 'beta_1'", {"beta_1", "betaX1"}),
        ("name LIKE '%a'", {"Alpha"}),
        ("name LIKE '%[aA]%'", set()),
        ("name LIKE '*'", set()),
        ("name LIKE 'beta\\_1'", set()),
        ("name IN ('Alpha', 'beta_1', 'none')", {"Alpha", "beta_1"}),
        ("name NOT IN ('Alpha', 'beta_1')", {"alphabet", "betaX1"}),
        ("tags.team = 'red'", {"Alpha"}),
        ("tags.team != 'red'", {"alphabet", "beta_1"}),
        ("tags.team LIKE '%ed'", {"Alpha", "alphabet"}),
        ("tags.team LIKE 'r%'", {"Alpha"}),
        ("tags.team ILIKE 'R%' AND name != 'Alpha'", {"alphabet"}),
        ("tags.none = 'x'", set()),
    ],
)
def test_models_are_found_by_name_and_tags(shelf: Wire, text: str, expected: set[str]) -> None:
    assert set(names(shelf, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'Alpha'", [("Alpha", "2"), ("Alpha", "1")]),
        ("name = 'Alpha' AND version_number < 2", [("Alpha", "1")]),
        ("version_number = 2", [("Alpha", "2")]),
        ("run_id = 'other'", [("Alpha", "2")]),
        ("run_id IN ('other', 'run-beta_1')", [("Alpha", "2"), ("beta_1", "1")]),
        ("source_path = 's3://bucket/Alpha'", [("Alpha", "1")]),
        ("source_path LIKE 's3://%/beta%'", [("beta_1", "1"), ("betaX1", "1")]),
        ("source_path ILIKE 's3://bucket/SECOND'", [("Alpha", "2")]),
        ("tags.of = 'alphabet'", [("alphabet", "1")]),
    ],
)
def test_versions_are_found_by_what_they_are(
    shelf: Wire, text: str, expected: list[tuple[str, str]]
) -> None:
    assert sorted(numbers(shelf, text)) == sorted(expected)


def test_versions_come_by_name_and_newest_first_unless_asked_otherwise(shelf: Wire) -> None:
    assert numbers(shelf, "name = 'Alpha'") == [("Alpha", "2"), ("Alpha", "1")]
    oldest = numbers(shelf, "name = 'Alpha'", order_by=["version_number ASC"])
    assert oldest == [("Alpha", "1"), ("Alpha", "2")]
    shelf.ok("PATCH", "model-versions/update", name="beta_1", version="1", description="x")
    changed = numbers(shelf, order_by=["last_updated_timestamp DESC"])
    assert changed[0] == ("beta_1", "1")


@pytest.mark.parametrize(
    "order", [[], ["name DESC"], ["creation_timestamp DESC"], ["last_updated_timestamp", "name"]]
)
def test_pages_hold_each_row_once_whatever_the_order(shelf: Wire, order: list[str]) -> None:
    whole = names(shelf, order_by=order)
    seen: list[str] = []
    token = ""
    while True:
        page = shelf.ok("GET", MODELS, max_results=1, order_by=order, page_token=token)
        seen += [model["name"] for model in page["registered_models"]]
        token = page.get("next_page_token", "")
        if not token:
            break

    assert seen == whole
    assert len(set(seen)) == 4


def test_what_is_added_before_the_page_shifts_nothing(shelf: Wire) -> None:
    first = shelf.ok("GET", MODELS, max_results=2)
    shelf.make_model("AAA")

    second = shelf.ok("GET", MODELS, max_results=10, page_token=first["next_page_token"])

    shown = first["registered_models"] + second["registered_models"]
    assert {model["name"] for model in shown} == {"Alpha", "alphabet", "beta_1", "betaX1"}
    assert len(shown) == 4


def test_a_token_is_good_for_its_own_question_only(shelf: Wire, place: Workspace) -> None:
    token = shelf.ok("GET", MODELS, max_results=1)["next_page_token"]
    offset = base64.b64encode(b'{"offset": 1}').decode()

    for wrong in (token[:-1], token + "x", "x" * 5_000, offset, "AAAA"):
        answer = shelf.refused("GET", MODELS, page_token=wrong)
        assert answer[:2] == (400, "INVALID_PARAMETER_VALUE"), wrong
    for question in ({"filter": "name != 'x'"}, {"order_by": ["name DESC"]}):
        answer = shelf.refused("GET", MODELS, page_token=token, **question)
        assert answer[:2] == (400, "INVALID_PARAMETER_VALUE"), question
    assert shelf.refused("GET", VERSIONS, page_token=token)[0] == 400


@pytest.mark.parametrize(("route", "most"), [(MODELS, 1_000), (VERSIONS, 200_000)])
def test_a_page_has_at_least_one_and_a_bounded_number_of_rows(
    shelf: Wire, route: str, most: int
) -> None:
    assert shelf.send("GET", route, max_results=most).status_code == 200
    for wrong in (0, -1, most + 1, "x", "1.5", "9" * 30):
        assert shelf.refused("GET", route, max_results=wrong)[:2] == (
            400,
            "INVALID_PARAMETER_VALUE",
        ), wrong


def test_prompts_are_hidden_unless_a_filter_asks_for_them(shelf: Wire, place: Workspace) -> None:
    make_prompt(place, name="greeting")
    asked = {
        "tags.`mlflow.prompt.is_prompt` = 'true'": {"greeting"},
        "tags.`mlflow.prompt.is_prompt` != 'false'": {"greeting"},
        "tags.`mlflow.prompt.is_prompt` ILIKE 'TR%'": {"greeting"},
        "tags.`mlflow.prompt.is_prompt` = 'true' AND name = 'Alpha'": set(),
        "tags.`mlflow.prompt.is_prompt` LIKE '%e' AND name LIKE '%g'": {"greeting"},
        "tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'Alpha'": {"Alpha"},
        "name = 'greeting'": set(),
    }

    assert {text: set(names(shelf, text)) for text in asked} == asked
    assert numbers(shelf, "tags.`mlflow.prompt.is_prompt` = 'true'") == [("greeting", "1")]
    assert numbers(shelf, "name = 'greeting'") == []


def test_nothing_of_another_workspace_and_nothing_deleted_is_found(
    shelf: Wire, admin: Wire
) -> None:
    make_model(make_workspace(), name="Alpha-elsewhere")
    admin.ok("DELETE", "model-versions/delete", name="Alpha", version="1")
    admin.ok("DELETE", "registered-models/delete", name="alphabet")

    assert names(shelf, "name ILIKE 'alpha%'") == ["Alpha"]
    assert numbers(shelf, "name ILIKE 'alpha%'") == [("Alpha", "2")]


@pytest.mark.parametrize("route", [MODELS, VERSIONS])
def test_a_page_of_many_costs_as_many_queries_as_a_page_of_few(shelf: Wire, route: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shelf.ok("GET", route)
        return len(captured)

    for number in range(2):
        shelf.make_model(f"m{number}")
        shelf.make_version(f"m{number}", tags=tags(a="b"))
    few = cost()
    for number in range(2, 12):
        shelf.make_model(f"m{number}", tags=tags(a="b"))
        shelf.make_version(f"m{number}")
        shelf.ok("POST", "registered-models/alias", name=f"m{number}", alias="best", version="1")

    assert cost() == few
    assert few <= 12
