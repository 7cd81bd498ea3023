"""Lists over many workspaces: merged by workspace, they show the same rows in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core import merging
from core.actors import Actor
from registry import access
from registry.models import Asset, AssetVersion, CatalogueEntry, Workspace
from registry.queries.catalogue.asked import asked
from registry.queries.catalogue.facets import facets
from registry.queries.catalogue.pages import page
from registry.queries.versions import visible_assets, visible_versions
from registry.services import tags
from registry.services.catalogue import projection
from tests.factories import administrator, grant, make_model, make_workspace, member, token_client

pytestmark = pytest.mark.django_db
PLACES, ROUNDS = 4, 6
SIZE = 5


@pytest.fixture
def places() -> list[Workspace]:
    """Four workspaces whose models were registered in turn, and one that nobody may read."""
    made = [make_workspace(f"place-{index}") for index in range(PLACES + 1)]
    for number in range(ROUNDS):
        for index, place in enumerate(made):
            if (number + index) % 3:
                make_model(place, name=f"m-{number}")
    projection.rebuild()
    return made


@pytest.fixture
def reader(places: list[Workspace]) -> Actor:
    actor = member(places[0], "reader")
    for place in places[1:PLACES]:
        grant(actor, place, "reader")
    return actor


def walk(client: APIClient, address: str) -> list[dict[str, Any]]:
    """All rows of a list, page after page."""
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        assert len(answer["results"]) <= SIZE
        rows += answer["results"]
        following = answer["next"]
    return rows


def readable(model: type[Model], actor: Actor, *order: str) -> Sequence[Any]:
    """The rows in reach, as the condition of other lists finds them."""
    rows = model._default_manager.filter(access.in_reach(actor))
    return list(rows.order_by(*order).values_list("pk", flat=True))


def test_pages_show_every_version_in_reach_once_the_newest_first(reader: Actor) -> None:
    found = walk(token_client(reader), f"/api/registry/versions/?limit={SIZE}")

    expected = readable(AssetVersion, reader, "-id")
    ids = dict(AssetVersion.objects.values_list("uuid", "pk"))
    by_text = {str(key): pk for key, pk in ids.items()}
    assert [by_text[row["uuid"]] for row in found] == expected


def test_a_page_stays_the_same_while_versions_are_added(
    reader: Actor, places: list[Workspace]
) -> None:
    client = token_client(reader)
    first = client.get(f"/api/registry/versions/?limit={SIZE}").json()
    before = client.get(first["next"]).json()["results"]

    for place in places:
        make_model(place, name="later")

    assert client.get(first["next"]).json()["results"] == before


def test_assets_are_merged_like_versions(reader: Actor) -> None:
    expected = readable(Asset, reader, "-id")

    shown = visible_assets(reader).order_by("-id")[:SIZE]

    assert [asset.pk for asset in shown] == expected[:SIZE]
    assert "UNION ALL" in str(shown.query) or "LATERAL" in str(shown.query)


@pytest.mark.parametrize("order", ["name", "-name", "created", "-updated"])
def test_the_catalogue_is_merged_in_each_of_its_orders(reader: Actor, order: str) -> None:
    column, sign = order.lstrip("-"), "-" if order[0] == "-" else ""
    column = {"created": "created_at", "updated": "updated_at"}.get(column, column)
    expected = readable(CatalogueEntry, reader, f"{sign}{column}", f"{sign}asset")
    found: list[int] = []
    cursor = "start"
    while cursor:
        one = page(
            reader,
            asked({"order": [order]}),
            cursor="" if cursor == "start" else cursor,
            limit=SIZE,
        )
        found += [entry.pk for entry in one.entries]
        cursor = one.cursor

    assert found == expected


def test_a_credential_narrowed_to_workspaces_lists_these_alone(
    reader: Actor, places: list[Workspace]
) -> None:
    two = frozenset(place.pk for place in (places[1], places[PLACES]))
    narrowed = replace(reader, workspaces=two)
    for actor in (narrowed, replace(administrator(), workspaces=two)):
        shown = visible_versions(actor).order_by("-id")[:100]
        assert [version.pk for version in shown] == readable(AssetVersion, actor, "-id")
    assert not visible_versions(replace(reader, scopes=frozenset())).order_by("-id")[:5]


@pytest.mark.parametrize("few", [0, 1_000])
def test_filters_find_the_same_whether_what_they_look_for_is_rare_or_not(
    few: int, reader: Actor, places: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in places:
        for asset in Asset.objects.filter(workspace=place, name="m-1"):
            tags.set_asset_tag(actor=administrator(), asset=asset.uuid, key="tier", value="gold")
    projection.rebuild()
    monkeypatch.setattr(merging, "FEW", few)
    client = token_client(reader)
    gold = [
        row["uuid"]
        for row in walk(client, f"/api/registry/assets/?limit={SIZE}")
        if row["name"] == "m-1"
    ]

    for question in ("tag=tier:gold", "tag=tier", "name=m-1", "name=m-1&kind=model&tag=tier"):
        found = walk(client, f"/api/registry/assets/?limit={SIZE}&{question}")
        assert [row["uuid"] for row in found] == gold
    assert len(walk(client, f"/api/registry/versions/?limit={SIZE}&name=m-1")) == len(gold)
    assert walk(client, f"/api/registry/assets/?limit={SIZE}&name=m-1&kind=prompt") == []
    entries = page(reader, asked({"tag": ["tier:gold"], "kind": ["model"]})).entries
    assert {entry.name for entry in entries} == {"m-1"}
    assert len(entries) == len(gold)
    assert len(page(reader, asked({"q": ["gold"]})).entries) == len(gold)


def test_facets_of_very_many_count_the_freshest_and_say_so(
    reader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.queries.catalogue.facets.FEW", SIZE)

    counted = facets(reader, asked({}))

    assert not counted.is_complete
    assert counted.values["kind"] == [{"value": "model", "count": SIZE}]
    assert facets(reader, asked({"q": ["m 1"]})).is_complete


def test_a_list_takes_one_statement_however_many_workspaces_are_merged(reader: Actor) -> None:
    with CaptureQueriesContext(connection) as four:
        list(visible_versions(reader).order_by("-id")[:SIZE])
    for index in range(20):
        grant(reader, make_workspace(f"more-{index}"), "reader")
    with CaptureQueriesContext(connection) as many:
        list(visible_versions(reader).order_by("-id")[:SIZE])

    assert len(many) == len(four)
