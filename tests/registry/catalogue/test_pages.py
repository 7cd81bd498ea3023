"""Pages neither repeat nor lose a row, also while the ranks change; facets count."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actors import Actor
from registry.models import Workspace
from registry.queries.catalogue import pages
from registry.services import versions
from tests.factories import make_version
from tests.registry.catalogue.following import CATALOGUE, MODEL, ask, follow

pytestmark = pytest.mark.django_db


def many(place: Workspace, author: Actor, count: int, *, word: str = "pilot") -> None:
    drafts: Any = [
        {
            "kind": "model",
            "name": f"{word}-{index}",
            "spec": {**MODEL, "parameters": index // 3} if index % 2 else MODEL,
        }
        for index in range(count)
    ]
    versions.register_many(actor=author, workspace=place.slug, drafts=drafts)
    follow()


def walk(client: APIClient, **parameters: Any) -> list[str]:
    answer, found = ask(client, **parameters), []
    while True:
        found += [entry["name"] for entry in answer["results"]]
        if answer["next"] is None:
            return found
        answer = client.get(answer["next"]).json()


@pytest.mark.parametrize("order", ["name", "-name", "updated", "-created", "", "relevance"])
def test_every_order_shows_each_row_once(
    place: Workspace, author: Actor, client: APIClient, order: str
) -> None:
    many(place, author, 23)

    found = walk(client, limit=5, order=order, q="pilot")

    assert len(found) == 23
    assert set(found) == {f"pilot-{index}" for index in range(23)}


def test_by_a_fact_the_entries_that_have_it_are_ordered(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    many(place, author, 20)

    found = walk(client, limit=3, order="-parameters")

    sizes = [int(name.split("-")[1]) // 3 for name in found]
    assert len(found) == 10
    assert sizes == sorted(sizes, reverse=True)


def test_a_ranked_list_stays_whole_while_the_ranks_change(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    many(place, author, 12)
    first = ask(client, q="pilot", limit=5)
    shown = [entry["name"] for entry in first["results"]]
    for name in ("pilot", "pilot-pilot"):
        make_version(place, "model", MODEL, name=name, actor=author)
    follow()

    rest = walk_on(client, first["next"])

    assert len({*shown, *rest}) == len([*shown, *rest]) == 14


def walk_on(client: APIClient, address: str) -> list[str]:
    found: list[str] = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        found += [entry["name"] for entry in answer["results"]]
        following = answer["next"]
    return found


def test_a_ranked_list_ends(
    place: Workspace, author: Actor, client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_RANKED", 7)
    many(place, author, 12)

    assert len(walk(client, q="pilot", limit=5)) == 7


def test_a_cursor_of_another_order_is_refused(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    many(place, author, 6)
    by_name = ask(client, order="name", limit=2)["next"]

    for address in (by_name.replace("order=name", "order=price"), f"{by_name}&q=pilot&order="):
        response = client.get(address)
        assert response.status_code == 400
        assert response.json()["errors"][0]["field"] == "cursor"


def test_facets_count_what_fits_and_show_the_other_values_of_their_own_fact(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    for index, licence in enumerate(("mit", "mit", "apache-2.0")):
        spec = {**MODEL, "license": licence, "modalities": ["text"]}
        make_version(place, "model", spec, name=f"m-{index}", actor=author)
    make_version(place, "prompt", {"type": "text", "template": "Hi."}, name="p", actor=author)
    follow()

    found = client.get(f"{CATALOGUE}facets/", {"license": "mit"}).json()["facets"]

    assert found["license"] == [{"value": "mit", "count": 2}, {"value": "apache-2.0", "count": 1}]
    assert found["kind"] == [{"value": "model", "count": 2}]
    assert found["modality"] == [{"value": "text", "count": 2}]
    assert found["workspace"] == [{"value": "atelier", "count": 2}]
