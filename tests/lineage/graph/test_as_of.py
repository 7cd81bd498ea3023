"""The graph as of a moment: it never changes after that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from registry.models import Workspace
from registry.services import aliases
from tests import factories
from tests.lineage.graph import outside
from tests.lineage.graph.test_outside import located, told
from tests.lineage.steps import approve, promote, tell
from tests.lineage.test_graph import GRAPH, ask

pytestmark = pytest.mark.django_db


def as_of(client: APIClient, node: str, moment: Any, **query: Any) -> dict[str, Any]:
    return ask(client, node, as_of=moment.isoformat(), **query)


def test_the_graph_of_a_moment_stays_when_versions_promotions_and_aliases_follow(
    dev: Workspace, prod: Workspace
) -> None:
    data = factories.make_dataset(dev, name="data")
    model = factories.make_model(dev, trained_on=[data], name="llm", aliases=["candidate"])
    tell()
    client = factories.token_client(factories.administrator())
    moment = timezone.now()
    before = as_of(client, "dev/dataset/data/1", moment)

    flow = factories.make_flow(dev, [model], name="bot")
    approve(promote(flow, prod))
    second = factories.make_model(dev, trained_on=[data], name="llm")
    aliases.move(
        actor=factories.administrator(),
        asset="dev/model/llm",
        alias="candidate",
        to=second.number,
    )
    tell()

    assert as_of(client, "dev/dataset/data/1", moment) == before
    assert told(before) == {"dev/dataset/data/1": 0, "dev/model/llm/1": 1}
    assert before["nodes"][1]["aliases"] == ["candidate"]
    assert len(ask(client, "dev/dataset/data/1")["nodes"]) > 2


def test_edges_of_others_that_come_or_go_later_change_nothing_of_it(dev: Workspace) -> None:
    raw, tickets, other = (outside.dataset(dev, name) for name in ("dump", "tickets", "other"))
    hours = [timezone.now() - timedelta(hours=hour) for hour in (3, 2, 1)]
    run = outside.run(dev, "clean", at=hours[0])
    first = outside.edge(raw, tickets, run, recorded_at=hours[0])
    client = factories.token_client(factories.member(dev, "reader"))
    for row in (raw, tickets, other):
        row.observations.update(recorded_at=hours[0])
    before = as_of(client, f"dataset:{raw.uuid}", hours[1])

    outside.edge(raw, other, run, recorded_at=hours[2])
    first.closed_at = hours[2]
    first.save()

    assert as_of(client, f"dataset:{raw.uuid}", hours[1]) == before
    assert told(before) == {"s3://raw/dump": 0, "s3://raw/tickets": 1}
    assert told(ask(client, f"dataset:{raw.uuid}")) == {"s3://raw/dump": 0, "s3://raw/other": 1}


def test_a_version_or_dataset_that_came_later_was_not_there(dev: Workspace) -> None:
    moment = timezone.now()
    located(dev, "s3://raw/tickets", name="tickets")
    late = outside.dataset(dev, "late")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    for node in ("dev/dataset/tickets/1", f"dataset:{late.uuid}"):
        answer = client.get(GRAPH, {"node": node, "as_of": moment.isoformat()})
        assert answer.status_code == 404


def test_it_says_when_not_everything_of_that_time_is_in_it_yet(dev: Workspace) -> None:
    data = factories.make_dataset(dev, name="data")
    tell()
    factories.make_model(dev, trained_on=[data], name="llm")
    moment = timezone.now()
    client = factories.token_client(factories.member(dev, "reader"))

    early = as_of(client, "dev/dataset/data/1", moment)
    tell()
    late = as_of(client, "dev/dataset/data/1", moment)

    assert (early["settled"], len(early["nodes"])) == (False, 1)
    assert (late["settled"], len(late["nodes"])) == (True, 2)
    tomorrow = as_of(client, "dev/dataset/data/1", moment + timedelta(days=1))
    assert tomorrow["settled"] is False
