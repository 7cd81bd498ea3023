"""The pages of the questions that people ask of lineage."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from console.pages.lineage.questions import QUESTIONS
from core.actors import Actor
from registry.models import AssetVersion, Workspace
from tests import factories
from tests.console.pages import browser
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(dev: Workspace, prod: Workspace) -> AssetVersion:
    """A flow in production, over a model over a dataset of another workspace."""
    tickets = factories.make_dataset(dev, name="tickets")
    model = factories.make_model(dev, trained_on=[tickets], name="llm")
    bare = factories.make_model(dev, name="bare")
    flow = factories.make_flow(dev, [model, bare], name="bot")
    copy = approve(promote(flow, prod)).target_version
    assert copy is not None
    tell()
    return copy


def ask(actor: Actor, slug: str, **query: str) -> Any:
    return browser(actor).get(reverse("admin:console_lineage_question", args=[slug]), query)


ASKED = {
    "training-data": ({"node": "prod/flow/bot/1"}, "dev/dataset/tickets/1"),
    "impact": ({"node": "dev/dataset/tickets/1"}, "prod/flow/bot/1"),
    "fed-production": ({"workspace": "prod"}, "dev/dataset/tickets/1"),
    "changes": ({"before": "dev/model/llm/1", "after": "dev/flow/bot/1"}, "dev/model/llm"),
    "unknown-origins": ({}, "what they learnt is not linked"),
}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.slug)
def test_every_question_has_a_page_and_a_file(served: AssetVersion, question: Any) -> None:
    query, expected = ASKED[question.slug]
    admin = factories.administrator()

    shown = ask(admin, question.slug, **query)
    file = ask(admin, question.slug, **query, format="csv")

    assert expected in shown.content.decode()
    assert shown.context["csv"].endswith("format=csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert file.content.decode().startswith(shown.context["table"].columns[0])
    assert expected in file.content.decode()


def test_a_question_about_a_version_leads_to_its_graph(served: AssetVersion) -> None:
    query, _ = ASKED["impact"]

    shown = ask(factories.administrator(), "impact", **query).content.decode()

    assert "?node=dev%2Fdataset%2Ftickets%2F1&amp;direction=downstream" in shown


def test_a_form_that_is_not_filled_in_asks_nothing(dev: Workspace) -> None:
    answer = ask(factories.member(dev, "reader"), "changes", before="dev/model/llm/1")

    assert answer.status_code == 200
    assert answer.context["table"] is None


@pytest.mark.parametrize(
    ("slug", "query", "field"),
    [
        ("training-data", {"node": "dev/model/llm/1", "as_of": "soon"}, "as_of"),
        ("fed-production", {"at": "2026-13-01"}, "at"),
        ("impact", {"node": "dev/model"}, "node"),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(
    served: AssetVersion, slug: str, query: dict[str, str], field: str
) -> None:
    answer = ask(factories.administrator(), slug, **query)

    assert [problem.field for problem in answer.context["problems"]] == [field]


def test_a_foreign_node_and_a_question_that_is_none_are_missing(served: AssetVersion) -> None:
    stranger = factories.make_actor()

    foreign = ask(stranger, "impact", node="dev/dataset/tickets/1")
    missing = ask(stranger, "impact", node="dev/dataset/none/1")

    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert ask(stranger, "who-did-it").status_code == 404


def test_what_a_reader_may_not_see_is_told_to_be_missing(served: AssetVersion) -> None:
    closed = factories.make_workspace("closed")
    own = factories.make_workspace("own")
    secret = factories.make_dataset(closed, name="salaries")
    model = factories.make_model(own, trained_on=[secret], name="llm")
    tell()

    page = ask(
        factories.member(own, "reader"), "training-data", node=factories.reference(model)
    ).content.decode()

    assert "salaries" not in page
    assert "Not complete" in page
