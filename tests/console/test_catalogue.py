from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import Actor
from registry.models import Workspace
from registry.services import lifecycle
from tests import factories
from tests.console.models import model
from tests.console.pages import browser
from tests.registry.catalogue.following import follow

CATALOGUE = reverse("admin:console_catalogue")
STUBS = reverse("admin:console_stubs")
COMPARE = reverse("admin:console_compare")
SECRET = {"summary": "Answers riddles.", "limitations": "knows the vault code"}


def found(actor: Actor, **filters: Any) -> list[str]:
    """The names of the cards on the page, in order."""
    response = browser(actor).get(CATALOGUE, filters)
    assert response.status_code == 200
    return [shown.entry.name for shown in response.context["entries"]]


def text_of(actor: Actor, address: str, **filters: Any) -> str:
    return str(browser(actor).get(address, filters).content.decode())


def test_a_card_tells_kind_workspace_stage_version_aliases_and_state(
    place: Workspace, author: Actor
) -> None:
    version = factories.make_model(place, name="writer", actor=author, aliases=["champion"])
    lifecycle.change(
        actor=factories.administrator(), version=version.uuid, state="deprecated", reason="old"
    )
    follow()

    shown = text_of(author, CATALOGUE)

    for told in ("writer", "Model", "atelier", "development", "@champion", "deprecated", "v1"):
        assert told in shown
    assert reverse("admin:registry_assetversion_change", args=[version.pk]) in shown


def test_an_outsider_finds_nothing_and_is_told_so(place: Workspace, author: Actor) -> None:
    model(place, author, "hidden-thing")
    follow()

    shown = text_of(factories.make_actor(), CATALOGUE, q="hidden")

    assert "hidden-thing" not in shown
    assert "Nothing that you may read fits." in shown


def test_words_are_marked_where_they_stand_and_nothing_in_them_is_markup(
    place: Workspace, author: Actor
) -> None:
    card = {"summary": "Answers <b>riddles</b> of tourists."}
    model(place, author, "sphinx", card=card)
    follow()

    shown = text_of(author, CATALOGUE, q="riddles")

    assert "<mark>riddles</mark>" in shown
    assert "<b>riddles" not in shown


def test_a_facet_is_clicked_on_and_off(place: Workspace, author: Actor) -> None:
    model(place, author, "large")
    model(place, author, "small", license="mit")
    follow()
    client = browser(author)

    facets = client.get(CATALOGUE).context["facets"]
    licence = next(facet for facet in facets if facet.title == "Licence")
    on = next(choice for choice in licence.choices if choice.label == "mit")
    narrowed = client.get(CATALOGUE + on.address)
    again = next(each for each in narrowed.context["facets"] if each.title == "Licence")

    assert {(choice.label, choice.count) for choice in again.choices} == {
        ("apache-2.0", 1),
        ("mit", 1),
    }
    assert [shown.entry.name for shown in narrowed.context["entries"]] == ["small"]
    assert narrowed.context["total"] == 1
    assert again.choices[0].is_on
    assert again.choices[0].address == "?"


def test_filters_by_stage_owner_and_freshness(place: Workspace, author: Actor) -> None:
    model(place, author, "mine")
    other = factories.make_workspace(stage="production")
    factories.grant(author, other, "reader")
    factories.make_model(other, name="theirs")
    follow()
    assert author.user is not None

    assert found(author, stage="production") == ["theirs"]
    assert found(author, owner=author.user.username) == ["mine"]
    assert found(author, fresh="7", order="name") == ["mine", "theirs"]


def test_a_metric_is_asked_for_with_its_operator(place: Workspace, author: Actor) -> None:
    good, bad = model(place, author, "good"), model(place, author, "bad")
    for version, value in ((good, 0.95), (bad, 0.4)):
        metrics = [{"name": "accuracy", "value": value}]
        factories.make_result(place, version, actor=author, metrics=metrics)
    follow()
    asked = {"metric_name": "accuracy", "metric_is": ">=", "metric_value": "0.9", "kind": "model"}

    response = browser(author).get(CATALOGUE, asked)

    assert [shown.entry.name for shown in response.context["entries"]] == ["good"]
    chips = response.context["chips"]
    assert ("Metric", "accuracy>=0.9") in [chip[:2] for chip in chips]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("metric", "accuracy!0.9"),
        ("parameters_min", "many"),
        ("order", "luck"),
        ("fresh", "999"),
        ("price_max", "-1"),
        ("cursor", "nonsense"),
        ("tag", "x" * 1_000),
    ],
)
def test_a_filter_that_cannot_be_is_told_and_searches_nothing(
    place: Workspace, author: Actor, name: str, value: str
) -> None:
    model(place, author, "there")
    follow()

    response = browser(author).get(CATALOGUE, {name: value, "q": "there"})

    shown = response.content.decode()
    assert response.status_code == 400
    assert name in response.context["wrong"]
    assert "Nothing was searched." in shown
    assert 'value="there"' in shown


def test_pages_lose_no_entry(place: Workspace, author: Actor) -> None:
    for number in range(30):
        model(place, author, f"m{number:02}")
    follow()
    client = browser(author)

    first = client.get(CATALOGUE, {"order": "name"})
    second = client.get(CATALOGUE + first.context["next"])

    names = [each.entry.name for page in (first, second) for each in page.context["entries"]]
    assert names == [f"m{number:02}" for number in range(30)]
    assert second.context["next"] == ""


def test_the_page_takes_as_many_queries_with_many_entries_as_with_few(
    place: Workspace, author: Actor
) -> None:
    client = browser(author)

    def queries() -> int:
        follow()
        with CaptureQueriesContext(connection) as captured:
            client.get(CATALOGUE)
        return len(captured)

    model(place, author, "first", license="mit")
    client.get(CATALOGUE)
    few = queries()
    for number in range(8):
        model(place, author, f"m{number}", task=f"task-{number}")

    assert queries() == few <= 30


def test_up_to_five_versions_stand_side_by_side(place: Workspace, author: Actor) -> None:
    versions = [model(place, author, f"m{each}", parameters=each + 1) for each in range(6)]
    references = [factories.reference(each) for each in versions]
    client = browser(author)

    two = client.get(COMPARE, {"ref": references[:2]})
    only = client.get(COMPARE, {"ref": references[:2], "only": "differences"})
    six = client.get(COMPARE, {"ref": references})

    lines = {line.name: line for _, lines in two.context["parts"] for line in lines}
    assert lines["parameters"].texts == ["1", "2"]
    assert not lines["parameters"].is_equal
    assert lines["license"].is_equal
    assert "license" not in [line.name for _, lines in only.context["parts"] for line in lines]
    assert (six.status_code, six.context["versions"]) == (400, [])


def test_a_foreign_version_is_compared_with_nothing(place: Workspace, author: Actor) -> None:
    mine = model(place, author, "mine")
    hidden = factories.make_model(factories.make_workspace(), name="hidden")
    references = [factories.reference(each) for each in (mine, hidden)]

    response = browser(author).get(COMPARE, {"ref": references})

    assert response.status_code == 400
    assert response.context["versions"] == []


def test_a_comparison_of_one_asks_for_another(place: Workspace, author: Actor) -> None:
    version = model(place, author, "one")

    response = browser(author).get(COMPARE, {"ref": factories.reference(version)})

    assert response.status_code == 200
    assert factories.reference(version) in response.content.decode()
