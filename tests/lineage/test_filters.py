"""Which events a sink is told of, and what is ours in its configuration."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidInput
from lineage.models import LineageEvent, Sink
from lineage.services import sinks
from lineage.services.filters import Filter
from registry.models import Workspace
from tests import factories
from tests.lineage.receiver import Receiver
from tests.lineage.steps import deliver, promote, tell

pytestmark = pytest.mark.django_db


def narrow(receiver: Receiver, settings: Any, **words: list[str]) -> None:
    """Let the receiver be told only of what a filter lets through."""
    settings.OPENLINEAGE_TRANSPORT = json.dumps(receiver.transport(muniment=words))


@pytest.mark.parametrize(
    ("words", "passing"),
    [
        ({"workspaces": ["dev"]}, {"dev"}),
        ({"workspaces": ["staging"]}, {"staging"}),
        ({"workspaces": []}, {"dev", "staging"}),
    ],
)
def test_a_sink_is_told_of_its_workspaces_only(
    receiver: Receiver, settings: Any, words: dict[str, Any], passing: set[str]
) -> None:
    dev = factories.make_workspace("dev")
    promote(factories.make_prompt(dev), factories.make_workspace("staging", stage="staging"))
    tell()
    narrow(receiver, settings, **words)

    deliver()

    bodies = [
        bytes(event.body)
        for event in LineageEvent.objects.filter(workspace__slug__in=passing).order_by("pk")
    ]
    assert receiver.taken == bodies
    last = LineageEvent.objects.order_by("pk").values_list("pk", flat=True).last()
    assert Sink.objects.get().cursor == last


def test_a_sink_is_told_of_its_kinds_types_and_actions_only(
    receiver: Receiver, settings: Any, dev: Workspace
) -> None:
    promote(factories.make_prompt(dev), factories.make_workspace("staging", stage="staging"))
    tell()
    narrow(
        receiver,
        settings,
        kinds=["RUN"],
        event_types=["COMPLETE"],
        actions=["registry.promotion.*", "registry.asset.deleted"],
    )

    deliver()

    (event,) = [json.loads(body) for body in receiver.taken]
    assert event["eventType"] == "COMPLETE"


def test_what_is_ours_never_reaches_the_transport(receiver: Receiver, settings: Any) -> None:
    narrow(receiver, settings, kinds=["RUN"])

    (sink,) = sinks.configured()

    assert "muniment" not in sink.config
    assert sink.filter == Filter(kinds=("RUN",))


def test_the_filter_of_a_composite_holds_for_each_part_that_has_none(settings: Any) -> None:
    parts = {"a": {"type": "noop"}, "b": {"type": "noop", "muniment": {"kinds": ["JOB"]}}}
    settings.OPENLINEAGE_TRANSPORT = json.dumps(
        {"type": "composite", "muniment": {"workspaces": ["dev"]}, "transports": parts}
    )

    a, b = sinks.configured()

    assert a.filter.told() == {"workspaces": ["dev"]}
    assert b.filter.told() == {"kinds": ["JOB"]}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([], "is no object"),
        ({"workspace": ["a"]}, "has workspace; it may have workspaces, kinds"),
        ({"kinds": "RUN"}, "kinds must be a list of strings"),
        ({"kinds": ["run"]}, "not of RUN, JOB, DATASET"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_a_reason(told: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        Filter.of(told, setting="X")


@pytest.mark.parametrize("kind", ["kafka", "msk_iam"])
def test_kafka_without_its_client_says_what_to_install(settings: Any, kind: str) -> None:
    settings.OPENLINEAGE_TRANSPORT = json.dumps({"type": kind, "topic": "t", "config": {}})

    with pytest.raises(InvalidInput, match=r"install openlineage-python\[kafka\]"):
        sinks.configured()
