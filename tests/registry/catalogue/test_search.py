"""The catalogue finds what there is, for those who may read it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from core.actors import Actor
from registry.models import Grant, Workspace
from registry.queries.catalogue.asked import asked
from registry.queries.catalogue.facets import facets
from registry.queries.catalogue.pages import page
from registry.services import deletion, descriptions, lifecycle, members, naming, owners, tags
from tests.factories import (
    administrator,
    make_model,
    make_prompt,
    make_result,
    make_version,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.catalogue.following import CATALOGUE, MODEL, ask, follow, names

pytestmark = pytest.mark.django_db


def model(place: Workspace, author: Actor, name: str, **spec: Any) -> Any:
    return make_version(place, "model", {**MODEL, **spec}, name=name, actor=author)


def test_a_model_is_found_by_every_fact_of_its_spec(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    price = {"currency": "EUR", "input_per_million": "0.40", "output_per_million": "1.60"}
    model(
        place,
        author,
        "large",
        parameters=70_000_000_000,
        context_length=128_000,
        price=price,
        modalities=["text", "image"],
        risk_tier="high",
    )
    model(place, author, "small", parameters=1_000, license="mit", task="summarization")
    follow()

    large = {
        "task": "text-generation", "provider": "Example", "license": "apache-2.0",
        "parameters_min": 7_000_000_000, "context_length_min": 100_000, "modality": "image",
        "risk_tier": "high", "source_type": "hosted", "kind": "model", "workspace": "atelier",
    }  # fmt: skip
    for question in ({key: value} for key, value in large.items()):
        assert "large" in names(client, **question), question
    assert names(client, **large) == ["large"]
    assert names(client, price_max="1.6", currency="EUR") == ["large"]
    assert names(client, price_max="1.59", currency="EUR") == []
    assert names(client, price_max="5") == []
    assert names(client, license=["mit", "bsd-3-clause"]) == ["small"]
    assert names(client, parameters_max=1_000) == ["small"]
    [entry] = ask(client, price_max="2", currency="EUR")["results"]
    assert entry["price"] == "1.6"
    assert entry["ref"] == "atelier/model/large/1"


def test_names_come_before_descriptions_and_the_very_name_first(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    for name in ("other", "harbour-pilot-xl", "harbour-pilot"):
        model(place, author, name)
    descriptions.describe_asset(
        actor=author, asset="atelier/model/other", description="harbour pilot " * 20
    )
    follow()

    assert names(client, q="Harbour Pilot") == ["harbour-pilot", "harbour-pilot-xl", "other"]
    assert (
        names(client, q="harb pil") == ["harbour-pilot", "harbour-pilot-xl", "other"]
        or names(client, q="harb pil")[-1] == "other"
    )


def test_words_are_found_without_case_and_accents_and_in_scripts_without_spaces(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    model(place, author, "Crème-Brûlée")
    model(place, author, "語言模型")
    follow()

    assert names(client, q="creme BRULEE") == ["Crème-Brûlée"]
    assert names(client, q="模型") == ["語言模型"]


def test_tags_aliases_former_names_and_cards_are_words_too(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    version = make_model(place, name="before", actor=author, aliases=["champion"])
    tags.set_asset_tag(actor=author, asset=version.asset.uuid, key="team", value="vega")
    naming.rename(actor=administrator(), asset=version.asset.uuid, name="after")
    follow()

    for words in ("champion", "vega", "before", "after"):
        assert names(client, q=words) == ["after"]
    assert names(client, tag="team") == names(client, tag="team:vega") == ["after"]
    assert names(client, tag="team:other") == names(client, tag="tea") == []
    assert names(client, alias="champion") == ["after"]


def test_deprecated_versions_show_archived_ones_are_left_out_deleted_ones_are_gone(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    admin = administrator()
    versions = {name: model(place, author, name) for name in ("a", "b", "c")}
    for name, state in (("a", "deprecated"), ("b", "archived")):
        lifecycle.change(actor=admin, version=versions[name].uuid, state=state, reason="superseded")
    deletion.delete_asset(actor=admin, asset=versions["c"].asset.uuid, reason="a mistake")
    follow()

    assert names(client) == ["a"]
    assert names(client, lifecycle="archived") == ["b"]
    assert names(client, q="c") == []


def test_stage_and_owner_are_filters_and_a_named_owner_replaces_the_creator(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    first = model(place, author, "first")
    model(place, author, "second")
    other = member(place, "author")
    assert author.user is not None
    assert other.user is not None
    owners.add(
        actor=author, asset=f"atelier/model/{first.asset.name}", username=other.user.username
    )
    follow()

    assert names(client, owner=author.user.username) == ["second"]
    assert names(client, owner=other.user.username) == ["first"]
    assert names(client, owner=["nobody", other.user.username]) == ["first"]
    assert sorted(names(client, stage="development")) == ["first", "second"]
    assert names(client, stage="production") == []
    counted = client.get(f"{CATALOGUE}facets/").json()["facets"]["stage"]
    assert counted == [{"value": "development", "count": 2}]


def test_metrics_of_evaluations_are_filters(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    good, bad = (model(place, author, name) for name in ("good", "bad"))
    make_result(place, good, metrics=[{"name": "accuracy", "value": 0.93}])
    make_result(place, bad, metrics=[{"name": "accuracy", "value": 0.5}])
    follow()

    assert names(client, kind="model", metric="accuracy>=0.9") == ["good"]
    assert names(client, kind="model", metric=["accuracy<0.9", "accuracy>0.1"]) == ["bad"]
    [entry] = ask(client, kind="model", metric="accuracy=0.93")["results"]
    assert entry["metrics"][0]["value"] == 0.93


def test_a_number_measured_where_the_reader_may_not_look_neither_shows_nor_filters(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    elsewhere = make_workspace("laboratory")
    tested = model(place, author, "tested")
    make_result(elsewhere, tested, metrics=[{"name": "accuracy", "value": 0.93}])
    follow()

    assert names(client, metric="accuracy>0") == []
    assert ask(client, q="tested")["results"][0]["metrics"] == []
    both = token_client(administrator())
    assert "tested" in names(both, metric="accuracy>0", kind="model")


def test_rights_are_asked_at_the_reading(place: Workspace, author: Actor) -> None:
    model(place, author, "secret")
    follow()
    reader = member(place, "reader")
    client = token_client(reader)
    outsider = token_client(member(make_workspace(), "admin"))
    assert names(client, q="secret") == ["secret"]
    assert names(outsider, q="secret") == []

    grant = Grant.objects.get(user=reader.user)
    members.revoke(actor=administrator(), grant_uuid=grant.uuid)

    assert names(client, q="secret") == []


def test_a_narrowed_token_finds_what_it_may_read_alone(place: Workspace, author: Actor) -> None:
    model(place, author, "secret")
    follow()
    narrowed = token_client(author, scopes=["comment"])
    assert names(narrowed) == []


def test_an_excerpt_is_text_in_pieces(place: Workspace, author: Actor, client: APIClient) -> None:
    version = make_prompt(place, name="greeting", actor=author)
    text = "x" * 100 + " <script>alert(1)</script> says hello to everybody"
    descriptions.describe_asset(actor=author, asset=version.asset.uuid, description=text)
    follow()

    [entry] = ask(client, q="hello")["results"]

    assert "".join(piece["text"] for piece in entry["excerpt"]).lstrip("…") in text
    assert [piece["text"] for piece in entry["excerpt"] if piece["hit"]] == ["hello"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parameters_min", "many"),
        ("parameters_min", "9" * 30),
        ("price_max", "nan"),
        ("price_max", "-1"),
        ("currency", "usd"),
        ("metric", "accuracy"),
        ("metric", "accuracy>=inf"),
        ("metric", "accuracy>=1e999"),
        ("updated_after", "yesterday"),
        ("updated_after", "2026-01-01T00:00:00"),
        ("order", "beauty"),
        ("cursor", "x"),
        ("cursor", "eJwrTi0uzszPAwAJagKX"),
        ("limit", "0"),
        ("tag", "x" * 1_000),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(client: APIClient, name: str, value: str) -> None:
    response = client.get(CATALOGUE, {name: value})

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == name


ODD = st.text(max_size=60) | st.text(
    alphabet="\"'*()^:-+&|!<>{}\\ \x00aAéß語🙂%_\n\u202e\ud7ff", max_size=40
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=ODD)
def test_no_text_is_an_error_of_the_query(
    place: Workspace, author: Actor, client: APIClient, text: str
) -> None:
    question = asked({"q": [text]})

    assert not page(author, question).entries
    assert not any(facets(author, question).values.values())


@pytest.mark.parametrize("text", ['"', "a AND", "NEAR(", "-x OR *", "🙂", "';--", "%", "\ud800"])
def test_no_text_is_an_error_of_the_address(client: APIClient, text: str) -> None:
    for address in (CATALOGUE, f"{CATALOGUE}facets/"):
        query = urlencode({"q": text.encode(errors="surrogatepass")})
        assert client.get(f"{address}?{query}").status_code == 200


def test_an_entry_names_its_version_by_reference(
    place: Workspace, author: Actor, client: APIClient
) -> None:
    version = model(place, author, "one")
    follow()

    [entry] = ask(client, q="one")["results"]

    assert (entry["ref"], entry["version"]) == (reference(version), str(version.uuid))
    assert entry["owners"] == [{"username": author.user.username, "group": None}]  # type: ignore[union-attr]
