"""Questions that people ask, over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from registry.models import AssetVersion, Workspace
from registry.services import owners
from registry.services.deployments import revisions, states
from tests import factories
from tests.lineage.graph import outside
from tests.lineage.graph.test_outside import located
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db
QUESTIONS = "/api/lineage/questions/"


@pytest.fixture
def client(db: None) -> APIClient:
    return factories.token_client(factories.administrator())


def answered(client: APIClient, question: str, **query: Any) -> dict[str, Any]:
    response = client.get(f"{QUESTIONS}{question}/", query)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    assert all(set(row) == set(found["columns"]) for row in found["rows"])
    return found


@pytest.fixture
def story(dev: Workspace, prod: Workspace) -> AssetVersion:
    """A flow in production over a tuned model, its base, and the data of both."""
    raw, place = outside.dataset(dev, "crawl"), outside.dataset(dev, "pages")
    outside.edge(raw, place, outside.run(dev, "crawler"))
    pages = located(dev, "s3://raw/pages", name="pages")
    base = factories.make_model(dev, trained_on=[pages], name="base")
    tickets = factories.make_dataset(dev, name="tickets")
    tuned = factories.make_model(
        dev,
        name="tuned",
        links=[("fine_tuned_from", base), ("trained_on", tickets)],
    )
    flow = factories.make_flow(dev, [tuned], name="bot")
    copy = approve(promote(flow, prod)).target_version
    assert copy is not None
    tell()
    return copy


def test_what_data_trained_this_reaches_through_base_models(
    story: AssetVersion, client: APIClient
) -> None:
    told = answered(client, "training-data", node="prod/flow/bot/1")

    rows = {row["data"]: row for row in told["rows"]}
    assert set(rows) == {
        "dev/dataset/tickets/1",
        "dev/dataset/pages/1",
        "s3://raw/pages",
        "s3://raw/crawl",
    }
    pages = rows["dev/dataset/pages/1"]
    assert pages["digest"].startswith("sha256:")
    assert (pages["role"], pages["license"]) == ("trained_on", "CC0-1.0")
    assert pages["through"] == 2  # the base and the tuned model
    assert pages["path"].startswith("dev/dataset/pages/1 -trained_on-> dev/model/base/1 ")
    assert told["is_complete"]


def test_an_incident_leads_to_deployments_owners_and_the_way(
    story: AssetVersion, prod: Workspace, client: APIClient
) -> None:
    administrator = factories.administrator()
    keeper = factories.member(prod, "author").user
    assert keeper is not None
    made = serve(prod, story)
    owners.add(actor=administrator, asset="prod/flow/bot", username=keeper.username)

    told = answered(client, "impact", node="dev/dataset/pages/1")

    first = told["rows"][0]
    assert first["affected"] == "prod/flow/bot/1"
    assert first["serving_in"] == [made]
    assert first["owners"] == [keeper.username]
    assert first["contacts"] == ["on-call"]
    assert first["path"].startswith("dev/dataset/pages/1 -trained_on-> dev/model/base/1 ")
    assert first["path"].endswith("prod/flow/bot/1")
    assert len(told["rows"]) == 6


def test_an_incident_may_start_at_a_dataset_outside(story: AssetVersion, client: APIClient) -> None:
    raw = outside.dataset(story.asset.workspace, "crawl")

    told = answered(client, "impact", node=f"dataset:{raw.uuid}")

    assert "prod/flow/bot/1" in [row["affected"] for row in told["rows"]]


def test_what_fed_production_at_a_time_does_not_change_afterwards(
    story: AssetVersion, dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    moment = timezone.now()
    before = answered(client, "fed-production", at=moment.isoformat())

    assert {row["place"] for row in before["rows"]} == {"prod/flow/bot@production"}
    assert "dev/dataset/tickets/1" in [row["source"] for row in before["rows"]]

    serve(prod, story)
    second = factories.make_flow(dev, [factories.make_prompt(dev)], name="bot")
    approve(promote(second, prod))
    tell()

    assert answered(client, "fed-production", at=moment.isoformat()) == before
    now = answered(client, "fed-production")
    assert {row["version"] for row in now["rows"] if "@" in row["place"]} == {"prod/flow/bot/2"}
    early = (moment - timedelta(days=1)).isoformat()
    assert answered(client, "fed-production", at=early)["rows"] == []


def test_what_changed_between_two_versions(dev: Workspace, client: APIClient) -> None:
    old, kept = factories.make_dataset(dev, name="data"), factories.make_dataset(dev, name="kept")
    gone = factories.make_dataset(dev, name="gone")
    factories.make_model(dev, trained_on=[old, kept, gone], name="llm")
    new = factories.make_dataset(dev, name="data")
    fresh = factories.make_dataset(dev, name="fresh")
    factories.make_model(dev, trained_on=[new, kept, fresh], name="llm")
    tell()

    told = answered(client, "changes", before="dev/model/llm/1", after="dev/model/llm/2")

    found = [(row["change"], row["asset"], row["before"], row["after"]) for row in told["rows"]]
    assert found == [
        ("changed", "dev/dataset/data", ["dev/dataset/data/1"], ["dev/dataset/data/2"]),
        ("added", "dev/dataset/fresh", [], ["dev/dataset/fresh/1"]),
        ("removed", "dev/dataset/gone", ["dev/dataset/gone/1"], []),
    ]


def test_unknown_origins_of_what_stands_in_production_are_named(
    story: AssetVersion, dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    hosted = factories.make_model(dev, name="hosted")
    approve(promote(hosted, prod))
    tell()

    told = answered(client, "unknown-origins")

    found = {(row["origin"], row["reason"]) for row in told["rows"]}
    assert found == {
        ("dev/model/hosted/1", "data_of_others"),
        ("dev/dataset/tickets/1", "no_source"),
        ("s3://raw/crawl", "outside_without_source"),
    }


def test_every_answer_is_also_a_file(story: AssetVersion, client: APIClient) -> None:
    response = client.get(
        f"{QUESTIONS}training-data/", {"node": "prod/flow/bot/1", "format": "csv"}
    )

    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    assert response["Content-Disposition"] == 'attachment; filename="training-data.csv"'


def test_what_one_may_not_see_makes_an_answer_incomplete(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    factories.make_model(dev, trained_on=[factories.make_dataset(secret)], name="llm")
    tell()
    reader = factories.token_client(factories.member(dev, "reader"))

    told = answered(reader, "training-data", node="dev/model/llm/1")

    assert (told["rows"], told["is_complete"]) == ([], False)
    assert told["notes"] == ["there are 1 neighbouring nodes that you may not see"]


def test_a_question_costs_the_same_queries_however_much_there_is(
    dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    def costs() -> list[int]:
        found = []
        for address in (
            "training-data/?node=prod/model/m/1",
            "impact/?node=dev/dataset/d/1",
            "fed-production/",
            "unknown-origins/",
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(QUESTIONS + address).status_code == 200
            found.append(len(captured))
        return found

    data = factories.make_dataset(dev, name="d")
    approve(promote(factories.make_model(dev, trained_on=[data], name="m"), prod))
    tell()
    costs()
    few = costs()
    for _ in range(8):
        more = factories.make_dataset(dev)
        approve(promote(factories.make_model(dev, trained_on=[data, more]), prod))
    tell()

    assert costs() == few
    assert max(few) <= 25


def serve(prod: Workspace, version: AssetVersion) -> str:
    """Deploy ``version`` and report it running; return the deployment's reference."""
    actor = factories.administrator()
    members = [{"version": factories.reference(version), "traffic": 100}]
    revision = revisions.create(
        actor=actor, workspace=prod.slug, name="assist", members=members, owner_contact="on-call"
    )
    states.report(actor=actor, deployment=revision.deployment.uuid, state="running")
    return revision.deployment.reference
