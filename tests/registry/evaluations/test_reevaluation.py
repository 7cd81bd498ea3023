"""Rules ask for another evaluation when data, thresholds or time say so, and only then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import tasks
from core.models import JournalEntry
from registry.models import Asset, ReevaluationRequest
from registry.queries import reevaluation
from tests.factories import make_dataset, make_model, reference
from tests.registry.evaluations.bench import Bench, lines


def name_of(ref: str) -> str:
    return ref.rsplit("/", 1)[0]


@pytest.fixture
def rule(bench: Bench) -> Any:
    body = {
        "asset": name_of(bench.body["evaluates"]),
        "dataset": name_of(bench.body["dataset"]),
        "thresholds": [{"metric": "groundedness", "evaluator": "judge", "minimum": 0.8}],
        "interval_days": 30,
    }
    return bench.lab.post("reevaluation-rules/", body)


def score(bench: Bench, value: float, **changes: Any) -> str:
    rows = [{"id": 1, "groundedness": value}]
    return str(bench.evaluate(lines(rows), **changes)["result"])


def ask(bench: Bench) -> list[Any]:
    """Have the rules asked, and return the open requests."""
    tasks.enqueue("registry.request_reevaluations")
    while tasks.claim_and_run():
        pass
    return list(bench.lab.get("reevaluation-requests/?open=true")["results"])


def causes(requests: list[Any]) -> list[str]:
    return [each["cause"] for request in requests for each in request["causes"]]


def newer_data(bench: Bench) -> str:
    name = bench.body["dataset"].split("/")[2]
    return reference(make_dataset(bench.lab.workspace, name=name))


def test_a_version_without_result_is_asked_for_once(bench: Bench, rule: Any) -> None:
    first = ask(bench)

    assert causes(first) == ["never"]
    assert first[0]["version"] == bench.body["evaluates"]
    assert ask(bench) == first
    assert JournalEntry.objects.filter(action="registry.reevaluation.requested").count() == 1


def test_a_good_and_fresh_result_asks_for_nothing(bench: Bench, rule: Any) -> None:
    score(bench, 0.9)

    assert ask(bench) == []


def test_a_missed_threshold_asks_with_the_numbers(bench: Bench, rule: Any) -> None:
    result = score(bench, 0.5)

    (request,) = ask(bench)

    assert request["causes"] == [
        {
            "cause": "threshold",
            "detail": "groundedness by judge is 0.5, below 0.8",
            "result": result,
        }
    ]


def test_newer_data_and_a_newer_version_ask(bench: Bench, rule: Any) -> None:
    score(bench, 0.9)
    data = newer_data(bench)

    (request,) = ask(bench)

    assert (causes([request]), request["dataset"]) == (["data"], data)
    lab = bench.lab
    lab.post(f"reevaluation-requests/{request['uuid']}/close/", {"reason": "later"}, expect=200)
    make_model(lab.workspace, name=bench.body["evaluates"].split("/")[2])
    assert causes(ask(bench)) == ["never"]


def test_an_old_result_asks(bench: Bench, rule: Any) -> None:
    score(bench, 0.9)
    asked = reevaluation.visible_rules(bench.lab.author).get()

    found = reevaluation.due(asked, now=timezone.now() + timedelta(days=30, seconds=1))

    assert found is not None
    assert [each["cause"] for each in found.causes] == ["age"]
    assert reevaluation.due(asked, now=timezone.now() + timedelta(days=29)) is None


def test_a_result_closes_the_request_and_does_not_ask_again_by_its_numbers(
    bench: Bench, rule: Any
) -> None:
    (request,) = ask(bench)
    result = score(bench, 0.5)
    address = f"reevaluation-requests/{request['uuid']}/close/"

    closed = bench.lab.post(address, {"result": result}, expect=200)

    assert closed["result"] == result
    assert closed["closed_by"] == bench.lab.author.user.username  # type: ignore[union-attr]
    assert ask(bench) == []
    assert bench.lab.post(address, {"result": result}, expect=409)


def test_what_was_closed_for_a_reason_is_not_asked_for_the_next_day(
    bench: Bench, rule: Any
) -> None:
    (request,) = ask(bench)
    address = f"reevaluation-requests/{request['uuid']}/close/"

    assert bench.lab.post(address, {}, expect=400)["errors"][0]["field"] == "reason"
    bench.lab.post(address, {"reason": "the model goes"}, expect=200)

    assert ask(bench) == []


def test_only_a_result_of_that_version_on_that_data_answers(bench: Bench, rule: Any) -> None:
    score(bench, 0.9)
    newer_data(bench)
    (request,) = ask(bench)
    address = f"reevaluation-requests/{request['uuid']}/close/"
    older = score(bench, 0.95)
    other = score(bench, 0.9, evaluates=reference(make_model(bench.lab.workspace)))

    for result in (older, other, bench.body["dataset"]):
        problem = bench.lab.post(address, {"result": result}, expect=400)
        assert problem["errors"][0]["field"] == "result"
    assert ReevaluationRequest.objects.get().closed_at is None


def test_a_rule_that_ended_asks_for_nothing(bench: Bench, rule: Any) -> None:
    answer = bench.lab.client.delete(f"/api/registry/reevaluation-rules/{rule['uuid']}/")

    assert answer.status_code == 204
    assert ask(bench) == []
    assert bench.lab.get("reevaluation-rules/?holds=true")["results"] == []


def test_a_new_rule_ends_the_one_before(bench: Bench, rule: Any) -> None:
    body = {"asset": rule["asset"], "dataset": rule["dataset"], "interval_days": 7}

    bench.lab.post("reevaluation-rules/", body)

    kept = bench.lab.get("reevaluation-rules/")["results"]
    assert [(each["interval_days"], each["valid_to"] is None) for each in kept] == [
        (7, True),
        (30, False),
    ]


def test_a_rule_by_alias_asks_for_what_the_alias_names(bench: Bench) -> None:
    name = bench.body["evaluates"].split("/")[2]
    make_model(bench.lab.workspace, name=name, aliases=["candidate"])
    make_model(bench.lab.workspace, name=name)
    assert Asset.objects.get(name=name).last_number == 3
    body = {
        "asset": name_of(bench.body["evaluates"]),
        "dataset": name_of(bench.body["dataset"]),
        "alias": "candidate",
    }
    bench.lab.post("reevaluation-rules/", body)

    (request,) = ask(bench)

    assert request["version"].endswith("/2")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interval_days": 0}, "interval_days"),
        ({"thresholds": [{"metric": "m", "evaluator": "e"}]}, "thresholds[0]"),
        ({"alias": "12"}, "alias"),
        ({"dataset": "nowhere"}, "dataset"),
    ],
)
def test_a_wrong_rule_is_told(bench: Bench, changes: dict[str, Any], field: str) -> None:
    body = {
        "asset": name_of(bench.body["evaluates"]),
        "dataset": name_of(bench.body["dataset"]),
        **changes,
    }

    problem = bench.lab.post("reevaluation-rules/", body, expect=400)

    assert problem["errors"][0]["field"] == field
