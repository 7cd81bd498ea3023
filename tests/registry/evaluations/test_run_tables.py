"""Runs beside each other: sorted by what they measured, drawn from as many points as it takes."""

from __future__ import annotations

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import InvalidInput
from registry.models import Experiment, Run
from registry.queries.runs import PARENT, children_of, histories, parent_of, runs_of, sorted_by
from registry.services import experiments
from registry.services.runs import batches, life
from tests.registry.evaluations.bench import Lab


@pytest.fixture
def experiment(lab: Lab) -> Experiment:
    return experiments.create(actor=lab.author, workspace=lab.workspace.slug, name="rates")


def start(lab: Lab, experiment: Experiment, name: str, *losses: float, **params: str) -> Run:
    run = life.start(actor=lab.author, experiment=experiment.uuid, name=name, params=params)
    batches.log_batch(
        actor=lab.author,
        run=run.uuid,
        metrics=[
            {"key": "loss", "value": loss, "step": step, "timestamp": step}
            for step, loss in enumerate(losses)
        ],
    )
    return run


def names(lab: Lab, experiment: Experiment, column: str) -> list[str]:
    return [run.name for run in sorted_by(runs_of(lab.author, experiment), column)]


def test_runs_are_sorted_by_a_metric_and_those_without_come_last(
    lab: Lab, experiment: Experiment
) -> None:
    start(lab, experiment, "worse", 0.9)
    start(lab, experiment, "none")
    start(lab, experiment, "better", 0.9, 0.1)
    start(lab, experiment, "nan", math.nan)

    assert names(lab, experiment, "metric:loss") == ["better", "worse", "nan", "none"]
    assert names(lab, experiment, "-metric:loss") == ["worse", "better", "nan", "none"]


def test_runs_are_sorted_by_a_param_or_a_field(lab: Lab, experiment: Experiment) -> None:
    start(lab, experiment, "b", optimiser="sgd")
    start(lab, experiment, "a", optimiser="adam")

    assert names(lab, experiment, "param:optimiser") == ["a", "b"]
    assert names(lab, experiment, "-name") == ["b", "a"]
    assert names(lab, experiment, "started") == ["b", "a"]


@pytest.mark.parametrize("column", ["", "owner", "metric", "created_by__password"])
def test_another_column_is_an_error(lab: Lab, experiment: Experiment, column: str) -> None:
    with pytest.raises(InvalidInput, match="sort"):
        names(lab, experiment, column)


def test_a_history_is_thinned_and_keeps_its_ends(lab: Lab, experiment: Experiment) -> None:
    run = start(lab, experiment, "long", *(float(step) for step in range(900)))
    short = start(lab, experiment, "short", 3.0, 2.0)

    found = histories([run, short], ["loss"], points=100)["loss"]

    assert found[short.pk] == [(0.0, 3.0), (1.0, 2.0)]
    assert found[run.pk][0] == (0.0, 0.0)
    assert found[run.pk][-1] == (899.0, 899.0)
    assert 80 <= len(found[run.pk]) <= 101


def test_histories_of_many_runs_cost_two_queries(lab: Lab, experiment: Experiment) -> None:
    runs = [start(lab, experiment, str(number), 1.0, 2.0) for number in range(5)]

    with CaptureQueriesContext(connection) as captured:
        histories(runs, ["loss", "other"])

    assert len(captured) == 2


def test_a_run_belongs_to_another_by_the_tag_that_clients_set(
    lab: Lab, experiment: Experiment
) -> None:
    parent = start(lab, experiment, "sweep")
    child = start(lab, experiment, "trial")
    batches.log_batch(actor=lab.author, run=child.uuid, tags={PARENT: parent.uuid.hex})

    assert parent_of(lab.author, child) == parent
    assert parent_of(lab.author, parent) is None
    assert list(children_of(parent)) == [child]
    found = lab.get(f"runs/?parent={parent.uuid}")["results"]
    assert [each["name"] for each in found] == ["trial"]
