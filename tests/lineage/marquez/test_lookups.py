"""Search, events, tags, sources and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests import factories
from tests.lineage.marquez.estate import LAKE, STORE, path, pipelines, read, send
from tests.lineage.received.events import run_event
from tests.lineage.steps import tell

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

pytestmark = pytest.mark.django_db


def test_search_finds_datasets_and_jobs_by_a_part_of_their_names(reader: APIClient) -> None:
    found = read(reader, "search", q="OR", limit=10)

    assert [(item["type"], item["name"]) for item in found["results"]] == [
        ("DATASET", "public.orders"),
        ("DATASET", "raw/orders"),
        ("JOB", "report"),
    ]
    assert found["totalCount"] == 3
    assert found["results"][1]["nodeId"] == f"dataset:{LAKE}:raw/orders"
    jobs = read(reader, "search", q="or", filter="JOB", sort="UPDATE_AT")
    assert [item["name"] for item in jobs["results"]] == ["report"]
    assert read(reader, "search", q="or", namespace=STORE)["totalCount"] == 1
    assert len(read(reader, "search", q="o", limit=1)["results"]) == 1


def test_events_are_answered_as_they_were_sent(reader: APIClient) -> None:
    sent = pipelines()

    found = read(reader, "events", "lineage")
    first = read(reader, "events", "lineage", limit=2, sortDirection="asc")
    rest = read(reader, "events", "lineage", limit=2, offset=2, sortDirection="asc")

    assert found["totalCount"] == len(sent)
    assert found["events"] == sorted(sent, key=lambda event: event["eventTime"], reverse=True)
    assert [*first["events"], *rest["events"]] == sorted(sent, key=lambda e: e["eventTime"])[:4]


def test_events_can_be_asked_for_by_time_and_namespace(reader: APIClient) -> None:
    bounds = {"after": "2026-03-01T11:00:00Z", "before": "2026-03-01T12:00:00+00:00"}

    found = read(reader, "events", "lineage", **bounds)

    assert [event["job"]["name"] for event in found["events"]] == ["load"]
    assert read(reader, "events", "etl")["totalCount"] == 5
    assert read(reader, "events", "nowhere")["totalCount"] == 0
    assert read(reader, "events", "lineage", before="", after="")["totalCount"] == 5


def test_what_the_registry_did_is_among_it(reader: APIClient, dev: Workspace) -> None:
    data = factories.make_dataset(dev, name="tickets")
    factories.make_model(dev, name="llm", trained_on=[data])
    tell()

    namespace = "muniment://localhost"
    found = read(reader, "lineage", nodeId=f"dataset:{namespace}:dev/model/llm")
    names = {node["data"]["name"] for node in found["graph"]}
    events = read(reader, "events", "lineage")

    assert names == {"dev/dataset/tickets", "train.model.llm", "dev/model/llm"}
    assert events["totalCount"] == 5 + 2  # those of runs
    assert read(reader, "events")["totalCount"] == 5 + 4


def test_tags_are_those_that_datasets_and_jobs_carry(reader: APIClient) -> None:
    assert read(reader, "tags") == {"tags": [{"name": "pii", "description": "yes"}]}


def test_sources_are_where_datasets_lie(reader: APIClient) -> None:
    found = read(reader, "sources")["sources"]

    assert [(item["type"], item["name"]) for item in found] == [("POSTGRES", STORE), ("S3", LAKE)]
    assert read(reader, "sources", LAKE) == found[1]
    assert reader.get(path("sources", "s3://other")).status_code == 404


def test_numbers_of_the_last_day_and_week(reader: APIClient, dev: Workspace) -> None:
    now = timezone.now()
    at = now.isoformat()  # an earlier minute may be of yesterday there
    run = "0190a1b2-0000-7000-8000-0000000000cc"
    send(dev, run_event("START", at=at, run=run), run_event("FAIL", at=at, run=run))

    day = read(reader, "stats", "lineage-events", period="DAY")
    week = read(reader, "stats", "lineage-events", period="WEEK", timezone="Asia/Kolkata")

    assert (len(day), len(week)) == (24, 7)
    assert day[-1] == bounds(now) | {"fail": 1, "start": 1, "complete": 0, "abort": 0}
    assert (week[-1]["start"], week[-1]["fail"]) == (1, 1)
    assert week[-1]["startInterval"].endswith("T18:30:00.000000Z")
    assert sum(item["start"] for item in [*day[:-1], *week[:-1]]) == 0


def bounds(now: datetime) -> dict[str, str]:
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    ends = (start, start + timedelta(hours=1))
    texts = [f"{end.isoformat(timespec='microseconds')}Z" for end in ends]
    return dict(zip(("startInterval", "endInterval"), texts, strict=True))


def test_numbers_of_things_grow_to_what_there_is(reader: APIClient) -> None:
    for counted, known in (("jobs", 4), ("datasets", 3), ("sources", 2)):
        for period, count in (("DAY", 24), ("WEEK", 7)):
            found = read(reader, "stats", counted, period=period, timezone="Europe/Berlin")
            assert [item["count"] for item in found] == [0] * (count - 1) + [known]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("jobs", {"limit": "-1"}, "limit"),
    ("jobs", {"offset": "x"}, "offset"),
    ("lineage", {}, "nodeId"),
    ("lineage", {"nodeId": "dataset:"}, "nodeId"),
    ("lineage", {"nodeId": "run:7"}, "nodeId"),
    ("column-lineage", {"nodeId": "run:7"}, "nodeId"),
    ("search", {}, "q"),
    ("search", {"q": "x", "sort": "SIZE"}, "sort"),
    ("events/lineage", {"after": "yesterday"}, "after"),
    ("stats/jobs", {"period": "YEAR"}, "period"),
    ("stats/jobs", {"timezone": "../../etc/passwd"}, "timezone"),
    ("jobs/runs/7", {}, "id"),
]


def test_what_is_wrong_is_named(dev: Workspace) -> None:
    client = factories.token_client(factories.member(dev, "reader"))
    for address, query, field in WRONG:
        answer = client.get(path(*address.split("/")), query)

        assert answer.status_code == 400, address
        assert [error["field"] for error in answer.json()["errors"]] == [field]
