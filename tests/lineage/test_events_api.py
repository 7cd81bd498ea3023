"""Stored events over HTTP, and the schemas that they name."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lineage.mapping.published import PUBLISHED
from lineage.models import LineageEvent
from registry.models import Workspace
from tests import factories
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db
EVENTS = "/api/lineage/events/"


def listed(client: APIClient, **query: str) -> list[dict[str, Any]]:
    response = client.get(EVENTS, query)
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_events_are_listed_newest_first_and_told_in_full_one_by_one(dev: Workspace) -> None:
    data = factories.make_dataset(dev, name="data")
    factories.make_model(dev, trained_on=[data], name="llm")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    found = listed(client)

    assert [(event["kind"], event["event_type"], event["subject"]) for event in found] == [
        ("RUN", "COMPLETE", "dev/model/llm/1"),
        ("RUN", "START", "dev/model/llm/1"),
        ("DATASET", "", "dev/model/llm/1"),
        ("DATASET", "", "dev/dataset/data/1"),
    ]
    detail = client.get(f"{EVENTS}{found[0]['uuid']}/").json()
    stored = LineageEvent.objects.get(uuid=found[0]["uuid"])
    assert detail["event"] == json.loads(bytes(stored.body))
    assert detail["event"]["run"]["runId"] == detail["run"] == detail["entry"]
    assert detail["digest"] == stored.digest
    assert detail["job"] == "muniment.dev/train.model.llm"


def test_the_digest_covers_the_bytes_that_are_sent(dev: Workspace) -> None:
    factories.make_dataset(dev)
    tell()
    event = LineageEvent.objects.get()

    assert event.digest == "sha256:" + hashlib.sha256(bytes(event.body)).hexdigest()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "DATASET"}, 3),
        ({"event_type": "START"}, 1),
        ({"action": "registry.version.registered"}, 4),
        ({"action": "registry.promotion.refused"}, 0),
        ({"workspace": "dev"}, 5),
        ({"workspace": "nowhere"}, 0),
        # The dataset's own event, that of its alias, and the run that read it.
        ({"subject": "dev/dataset/data/1"}, 4),
        ({"subject": "dev/dataset/data@latest-good"}, 4),
        ({"subject": "muniment://localhost/dev/dataset/data/1"}, 4),
        ({"subject": "dev/model/llm"}, 3),
        ({"run": "01900000-0000-7000-8000-000000000001"}, 0),
    ],
)
def test_events_are_found_by(dev: Workspace, query: dict[str, str], expected: int) -> None:
    data = factories.make_dataset(dev, name="data", aliases=["latest-good"])
    factories.make_model(dev, trained_on=[data], name="llm")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    assert len(listed(client, **query)) == expected


def test_events_of_a_promotion_are_found_by_its_id(dev: Workspace) -> None:
    staging = factories.make_workspace("staging", stage="staging")
    promotion = promote(factories.make_prompt(dev), staging)
    tell()
    client = factories.token_client(factories.member(staging, "reader"))

    found = listed(client, run=str(promotion.uuid))

    assert [event["event_type"] for event in found] == ["COMPLETE", "START"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"run": "no-uuid"}, "run"),
        ({"kind": "TABLE"}, "kind"),
        ({"subject": "no-reference"}, "subject"),
        ({"subject": "dev/model/none/1"}, "subject"),
        ({"subject": "dev/model/none"}, "subject"),
    ],
)
def test_a_bad_filter_is_a_problem_that_names_the_field(
    dev: Workspace, query: dict[str, str], field: str
) -> None:
    client = factories.token_client(factories.member(dev, "reader"))

    response = client.get(EVENTS, query)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_events_of_other_workspaces_are_not_there(dev: Workspace) -> None:
    factories.make_prompt(dev)
    tell()
    uuid = LineageEvent.objects.get().uuid
    client = factories.token_client(factories.member(factories.make_workspace(), "reader"))

    assert listed(client) == []
    assert client.get(f"{EVENTS}{uuid}/").status_code == 404
    assert APIClient().get(EVENTS).status_code == 401


def test_an_event_that_names_versions_elsewhere_is_withheld(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    hidden = factories.make_dataset(secret, name="hidden")
    factories.make_model(dev, trained_on=[hidden], name="llm")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    found = listed(client)

    shown = [(event["kind"], event["withheld"], event["subject"]) for event in found]
    assert shown == [
        ("RUN", True, "dev/model/llm/1"),
        ("RUN", True, "dev/model/llm/1"),
        ("DATASET", False, "dev/model/llm/1"),
    ]
    detail = client.get(f"{EVENTS}{found[0]['uuid']}/")
    assert detail.json()["event"] is None
    assert "secret" not in detail.content.decode()


def test_whoever_sees_all_that_it_names_reads_the_event(dev: Workspace) -> None:
    other = factories.make_workspace("other")
    factories.make_model(dev, trained_on=[factories.make_dataset(other)])
    tell()
    reader = factories.member(dev, "reader")
    factories.grant(reader, other, "reader")

    assert not any(event["withheld"] for event in listed(factories.token_client(reader)))
    narrow = factories.token_client(factories.administrator(), workspaces=["dev"])
    assert [event["withheld"] for event in listed(narrow)] == [True, True, False]


def test_whoever_sees_the_target_reads_the_promotions_events(dev: Workspace) -> None:
    prod = factories.make_workspace("prod", stage="production", required_approvals=1)
    approve(promote(factories.make_prompt(dev, name="hello"), prod), decision="rejected")
    tell()
    client = factories.token_client(factories.member(prod, "reader"))

    abort, decision, start = listed(client)

    types = [event["event_type"] for event in (abort, decision, start)]
    assert types == ["ABORT", "OTHER", "START"]
    assert (abort["withheld"], abort["subject"]) == (False, "dev/prompt/hello/1")
    assert client.get(f"{EVENTS}{abort['uuid']}/").json()["event"]["eventType"] == "ABORT"


def test_a_list_costs_the_same_at_any_length(dev: Workspace) -> None:
    client = factories.token_client(factories.member(dev, "reader"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            listed(client)
        return len(captured)

    factories.make_prompt(dev)
    tell()
    listed(client)
    short = cost()
    for _ in range(15):
        factories.make_prompt(dev)
    tell()

    assert cost() == short
    assert short <= 6


@pytest.mark.parametrize(("facet", "version"), PUBLISHED)
def test_anybody_may_read_the_schema_of_a_facet(facet: str, version: str) -> None:
    response = APIClient().get(f"/api/lineage/schemas/{facet}/{version}.json")

    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    schema = response.json()
    assert schema["$id"] == f"http://localhost:8000/api/lineage/schemas/{facet}/{version}.json"
    assert facet in schema["$defs"]


@pytest.mark.parametrize(
    "path", ["MunimentPromotionRunFacet/9-0-0", "Nothing/1-0-0", "openlineage/2-0-2", "../x/1-0-0"]
)
def test_a_schema_that_was_never_published_is_not_found(path: str) -> None:
    assert APIClient().get(f"/api/lineage/schemas/{path}.json").status_code == 404


def test_every_stored_event_names_schemas_that_are_published(whole_life: None) -> None:
    text = " ".join(bytes(event.body).decode() for event in LineageEvent.objects.all())

    urls = {word for word in text.split('"') if "/api/lineage/schemas/" in word}
    assert len(urls) == len(PUBLISHED)
    for url in urls:
        path = url.removeprefix("http://localhost:8000").split("#")[0]
        assert APIClient().get(path).status_code == 200
