"""Lists of experiments, runs, evaluations and requests cost the same queries at any length."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from registry.models import (
    EvaluationRow,
    Experiment,
    ReevaluationRule,
    Run,
    RunInput,
    RunLatestMetric,
    RunMetric,
    RunOutput,
    RunParam,
    RunTag,
)
from registry.services import experiments
from tests.api.bulk import copies, repeat
from tests.api.test_query_budgets import BUDGET
from tests.factories import make_dataset, make_model, make_result, reference
from tests.registry.evaluations.bench import Bench, lines


@pytest.fixture
def addresses(bench: Bench) -> list[str]:
    """The lists, each with one row that :func:`fill` multiplies."""
    lab = bench.lab
    experiment = experiments.create(
        actor=lab.author, workspace=lab.workspace.slug, name="first", tags={"a": "b"}
    )
    result = make_result(lab.workspace, make_model(lab.workspace))
    experiments.conclude(
        actor=lab.author,
        experiment=experiment.uuid,
        status="supported",
        text="so it is",
        results=[reference(result)],
    )
    shown = bench.evaluate(lines([{"id": 1, "groundedness": 1}]))
    body = {
        "asset": bench.body["evaluates"].rsplit("/", 1)[0],
        "dataset": bench.body["dataset"].rsplit("/", 1)[0],
    }
    lab.post("reevaluation-rules/", body)
    asset = lab.get(f"assets/?name={bench.body['evaluates'].split('/')[2]}")["results"][0]["uuid"]
    return [
        "experiments/",
        "verdicts/",
        "runs/",
        "evaluations/",
        f"evaluations/{shown['uuid']}/rows/",
        "reevaluation-rules/",
        "reevaluation-requests/",
        "metrics/",
        f"assets/{asset}/trend/?metric=groundedness",
    ]


def fill(bench: Bench, count: int) -> None:
    experiment = Experiment.objects.order_by("id").first()
    assert experiment is not None
    copies(experiment, count, name=lambda index: f"{count}-{index}")
    user = bench.lab.author.user
    assert user is not None
    runs = repeat(
        Run, count, lambda index: {"experiment_id": experiment.pk, "created_by_id": user.pk}
    )
    version = make_dataset(bench.lab.workspace)
    point = {"step": 0, "timestamp": 0, "value": 1.0, "key": "loss"}
    made: list[tuple[type[Model], dict[str, Any]]] = [
        (RunParam, {"key": "lr", "value": "1"}),
        (RunTag, {"key": "who", "value": "me"}),
        (RunMetric, point),
        (RunLatestMetric, point),
        (RunInput, {"version_id": version.pk, "name": "data", "digest": "x"}),
        (RunOutput, {"version_id": version.pk}),
    ]
    for model, values in made:
        model._default_manager.bulk_create([model(run=run, **values) for run in runs])
    row = EvaluationRow.objects.order_by("id").first()
    assert row is not None
    copies(
        row,
        count,
        number=lambda index: count * 10 + index,
        key=lambda index: f"{count}-{index}",
    )
    rule = ReevaluationRule.objects.order_by("id").first()
    assert rule is not None
    copies(rule, count, alias=lambda index: f"{count}-{index}")


def costs(bench: Bench, addresses: list[str]) -> dict[str, int]:
    found = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            bench.lab.get(address)
        found[address] = len(captured)
    return found


def test_no_list_costs_more_queries_with_more_rows(bench: Bench, addresses: list[str]) -> None:
    bench.lab.get("kinds/")
    fill(bench, 3)
    before = costs(bench, addresses)
    fill(bench, 45)

    after = costs(bench, addresses)

    assert after == before
    assert {address: count for address, count in after.items() if count > BUDGET} == {}
