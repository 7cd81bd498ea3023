"""Filters, lag and replay of sinks, as an operator meets them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from core.errors import InvalidInput
from core.models import JournalEntry
from lineage.models import DeadLetter, LineageEvent, Sink
from lineage.services import sinks
from lineage.services.filters import Filter
from lineage.services.sending import CursorMoved, Sending
from registry.models import Workspace
from tests import factories
from tests.lineage.receiver import Receiver
from tests.lineage.steps import deliver, pass_time, promote, register, stored, tell

pytestmark = pytest.mark.django_db
SINKS = "/api/lineage/sinks/"


@pytest.fixture
def admin() -> APIClient:
    return factories.token_client(factories.administrator())


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
    receiver: Receiver, settings: Any, dev: Workspace, words: dict[str, Any], passing: set[str]
) -> None:
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


def test_the_lag_of_each_sink_is_shown(receiver: Receiver, admin: APIClient) -> None:
    register(2)
    before = admin.get(SINKS).json()
    receiver.rule = lambda event: 503
    deliver()
    away = admin.get(SINKS).json()
    receiver.rule = lambda event: 201
    pass_time()
    deliver()
    after = admin.get(SINKS).json()

    assert [each[0]["behind"] for each in (before, away, after)] == [7, 7, 0]
    assert before[0]["oldest_age"] > 0
    assert after[0]["oldest_age"] == 0
    assert (away[0]["attempts"], "503" in away[0]["error"]) == (1, True)
    assert (after[0]["name"], after[0]["type"], after[0]["error"]) == ("default", "http", "")


def test_no_secret_of_the_setting_is_shown(
    receiver: Receiver, settings: Any, admin: APIClient
) -> None:
    key = {"type": "api_key", "apiKey": "very-secret"}
    settings.OPENLINEAGE_TRANSPORT = json.dumps(receiver.transport(auth=key))

    assert "very-secret" not in admin.get(SINKS).content.decode()


def test_what_a_filter_keeps_back_is_no_lag(
    receiver: Receiver, settings: Any, admin: APIClient
) -> None:
    register(2)
    narrow(receiver, settings, kinds=["DATASET"])
    Sink.objects.create(name="default")

    (shown,) = admin.get(SINKS).json()

    assert (shown["behind"], shown["filter"]) == (3, {"kinds": ["DATASET"]})


def test_all_lags_cost_one_query(settings: Any, tmp_path: Path, admin: APIClient) -> None:
    def cost(count: int) -> int:
        parts = {f"sink-{number}": {"type": "noop"} for number in range(count)}
        settings.OPENLINEAGE_TRANSPORT = json.dumps({"type": "composite", "transports": parts})
        for name in parts:
            Sink.objects.get_or_create(name=name)
        with CaptureQueriesContext(connection) as captured:
            assert len(admin.get(SINKS).json()) == count
        return len(captured)

    admin.get(SINKS)
    assert cost(2) == cost(6)


def test_the_lag_is_among_the_metrics(receiver: Receiver, client: Any) -> None:
    register(2)

    lines = client.get("/metrics").content.decode().splitlines()

    assert 'muniment_lineage_sink_events_behind{sink="default"} 7' in lines
    assert 'muniment_lineage_sink_dead_letters{sink="default"} 0' in lines


def test_metrics_are_there_also_with_a_setting_that_makes_no_sense(
    settings: Any, client: Any
) -> None:
    settings.OPENLINEAGE_TRANSPORT = "{"

    assert client.get("/metrics").status_code == 200


def test_the_admin_shows_how_far_behind_a_sink_is(receiver: Receiver, client: Any) -> None:
    register(2)
    Sink.objects.create(name="default")
    Sink.objects.create(name="gone")
    client.force_login(factories.administrator().user)

    page = client.get("/admin/lineage/sink/").content.decode()

    assert "Events behind" in page
    assert ">7<" in page.replace(" ", "").replace("\n", "")


def test_a_replay_sends_again_from_an_event_on(receiver: Receiver, admin: APIClient) -> None:
    register(2)
    deliver()
    receiver.taken.clear()
    third = LineageEvent.objects.order_by("pk")[2]

    body = {"event": str(third.uuid), "reason": "the catalogue was restored"}
    answer = admin.post(f"{SINKS}default/replay/", body, format="json")
    deliver()

    assert (answer.status_code, answer.json()) == (202, {"events": 5})
    assert receiver.taken == stored()[2:]
    entry = JournalEntry.objects.get(action="lineage.sink.replayed")
    assert json.loads(bytes(entry.body))["data"] == {
        "cursor": third.pk - 1,
        "events": 5,
        "from_event": str(third.uuid),
        "sink": "default",
    }


def test_a_replay_since_a_time_sends_what_was_stored_since(receiver: Receiver) -> None:
    register(1)
    deliver()
    receiver.taken.clear()
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    out = io.StringIO()

    call_command("replay_lineage", "--since", since, stdout=out)
    deliver()

    assert out.getvalue() == "4 events are sent again\n"
    assert receiver.taken == stored()


def test_a_replay_tries_dead_letters_in_their_place(receiver: Receiver) -> None:
    register(2)
    poison = json.loads(stored()[2])
    receiver.rule = lambda event: 400 if event == poison else 201
    deliver()
    assert DeadLetter.objects.filter(resolved_at__isnull=True).count() == 2
    receiver.taken.clear()
    since = (timezone.now() - timedelta(hours=1)).isoformat()

    call_command("replay_lineage", "--since", since, stdout=io.StringIO())
    deliver()
    again = DeadLetter.objects.filter(resolved_at__isnull=True).count()
    receiver.rule = lambda event: 201
    receiver.taken.clear()
    call_command("replay_lineage", "--since", since, stdout=io.StringIO())
    deliver()

    assert again == 2
    assert receiver.taken == stored()
    assert not DeadLetter.objects.filter(resolved_at__isnull=True).exists()


def test_a_replay_while_events_are_sent_wins(receiver: Receiver, monkeypatch: Any) -> None:
    register(3)
    deliver()
    register(1)
    moved = False
    real = Sending._advance

    def slow(self: Sending, event: LineageEvent) -> None:
        nonlocal moved
        if not moved:
            moved = True
            Sink.objects.update(cursor=0)
        real(self, event)

    monkeypatch.setattr(Sending, "_advance", slow)
    receiver.taken.clear()
    deliver()

    assert receiver.taken[-len(stored()) :] == stored()
    assert issubclass(CursorMoved, RuntimeError)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"since": "2020-01-01T00:00:00Z", "event": "01900000-0000-7000-8000-000000000001"},
        {"event": "01900000-0000-7000-8000-000000000001"},
        {"since": "2999-01-01T00:00:00Z"},
    ],
)
def test_a_replay_needs_one_start_that_is_there(
    receiver: Receiver, admin: APIClient, body: dict[str, str]
) -> None:
    register()

    assert admin.post(f"{SINKS}default/replay/", body, format="json").status_code == 400


def test_sinks_are_for_administrators_of_the_organisation(
    receiver: Receiver, dev: Workspace
) -> None:
    client = factories.token_client(factories.member(dev, "admin"))

    assert client.get(SINKS).status_code == 403
    assert client.post(f"{SINKS}default/replay/", {}, format="json").status_code in {400, 403}
    assert client.post(f"{SINKS}default/retry/").status_code == 403


def test_a_command_needs_a_time_with_a_zone() -> None:
    with pytest.raises(CommandError):
        call_command("replay_lineage", "--since", "2026-01-01T00:00:00")
