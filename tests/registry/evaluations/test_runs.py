"""Runs: parameters that stay, metrics with their history, inputs and outputs."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.models import JournalEntry
from registry.models import RunLatestMetric, RunMetric
from registry.services import experiments
from registry.services.runs import batches, life
from tests.factories import make_dataset, make_model, make_workspace, reference, unique
from tests.registry.evaluations.bench import Lab


@pytest.fixture
def run(lab: Lab) -> Any:
    experiment = experiments.create(
        actor=lab.author, workspace=lab.workspace.slug, name="learning rates"
    )
    body = {"experiment": str(experiment.uuid), "name": "first", "params": {"lr": "0.1"}}
    return lab.post("runs/", body)


def log(lab: Lab, run: Any, expect: int = 200, **batch: Any) -> Any:
    return lab.post(f"runs/{run['uuid']}/log-batch/", batch, expect=expect)


def test_a_run_has_an_id_that_mlflow_clients_understand(run: Any) -> None:
    assert run["run_id"] == run["uuid"].replace("-", "")
    assert run["status"] == "running"


def test_the_latest_metric_is_that_of_the_greatest_step_whenever_it_came(
    lab: Lab, run: Any
) -> None:
    log(lab, run, metrics=[{"key": "loss", "value": 0.1, "step": 9, "timestamp": 900}])
    shown = log(lab, run, metrics=[{"key": "loss", "value": 0.9, "step": 1, "timestamp": 950}])

    assert shown["metrics"] == [{"key": "loss", "value": 0.1, "step": 9, "timestamp": 900}]
    history = lab.get(f"runs/{run['uuid']}/metrics/?key=loss")["results"]
    assert [point["step"] for point in history] == [1, 9]


def test_values_that_are_no_numbers_are_kept_and_spelled_out(lab: Lab, run: Any) -> None:
    names = ["NaN", "Infinity", "-Infinity"]

    shown = log(lab, run, metrics=[{"key": name, "value": name} for name in names])

    assert sorted(point["value"] for point in shown["metrics"]) == sorted(names)
    kept = {metric.key: metric.number for metric in RunMetric.objects.all()}
    assert math.isnan(kept["NaN"])
    assert kept["-Infinity"] == -math.inf


def test_a_batch_may_be_sent_again(lab: Lab, run: Any) -> None:
    data = make_dataset(lab.workspace)
    batch: dict[str, Any] = {
        "metrics": [{"key": "loss", "value": "NaN", "timestamp": 5}],
        "params": {"depth": "3"},
        "tags": {"who": "me"},
        "inputs": [{"version": reference(data), "context": "training"}],
        "outputs": [reference(make_model(lab.workspace))],
    }

    first = log(lab, run, **batch)

    assert log(lab, run, **batch) == first
    assert RunMetric.objects.count() == 1


def test_a_param_never_changes_and_the_batch_is_refused_whole(lab: Lab, run: Any) -> None:
    problem = log(lab, run, expect=409, metrics=[{"key": "loss", "value": 1}], params={"lr": "0.2"})

    assert problem["param"] == "lr"
    assert "'0.1'" in problem["detail"]
    assert not RunMetric.objects.exists()


def test_a_tag_changes(lab: Lab, run: Any) -> None:
    log(lab, run, tags={"state": "good"})

    assert log(lab, run, tags={"state": "bad"})["tags"] == {"state": "bad"}


def test_inputs_are_versions_here_or_digests_elsewhere(lab: Lab, run: Any) -> None:
    data = make_dataset(lab.workspace)

    shown = log(
        lab, run, inputs=[{"version": reference(data)}, {"name": "squad", "digest": "3b1e"}]
    )

    assert [item["version"] for item in shown["inputs"]] == [reference(data), None]
    assert [item["digest"] for item in shown["inputs"]] == [data.digest, "3b1e"]
    found = lab.get("runs/?dataset_digest=3b1e")["results"]
    assert [each["uuid"] for each in found] == [run["uuid"]]


def test_a_hidden_dataset_is_no_input(lab: Lab, run: Any) -> None:
    hidden = make_dataset(make_workspace())

    problem = log(lab, run, expect=400, inputs=[{"version": reference(hidden)}])

    assert problem["errors"][0]["field"] == "inputs[0].version"


def test_an_input_keeps_what_a_client_told_of_its_use(lab: Lab, run: Any) -> None:
    data = make_dataset(lab.workspace)
    told = {"version": reference(data), "context": "training", "tags": {"split": "train"}}

    shown = log(lab, run, inputs=[told])

    assert shown["inputs"][0]["tags"] == {"split": "train"}
    assert shown["inputs"][0]["context"] == "training"


def test_texts_of_inputs_have_limits_whatever_door_they_come_through(lab: Lab, run: Any) -> None:
    with pytest.raises(InvalidInput) as problem:
        batches.log_batch(
            actor=lab.author, run=run["uuid"], inputs=[{"name": "squad", "digest": "x" * 201}]
        )

    assert problem.value.errors[0].field == "inputs[0].digest"


@pytest.mark.parametrize("batch", [{"params": {"p": "a\0"}}, {"tags": {"t": "\ud800"}}])
def test_a_text_that_no_database_holds_is_an_error(lab: Lab, run: Any, batch: Any) -> None:
    with pytest.raises(InvalidInput):
        batches.log_batch(actor=lab.author, run=run["uuid"], **batch)


def test_a_batch_is_one_journal_entry_with_counts_and_digest(lab: Lab, run: Any) -> None:
    log(lab, run, metrics=[{"key": f"m{n}", "value": n} for n in range(1000)])

    entry = JournalEntry.objects.get(action="registry.run.batch_logged")
    assert entry.subject_digest.startswith("sha256:")
    assert json.loads(bytes(entry.body))["data"]["metrics"] == 1000


@pytest.mark.parametrize(
    ("batch", "field"),
    [
        ({"metrics": [{"key": "m", "value": 1}] * 1001}, "metrics"),
        ({"metrics": [{"key": "m", "value": "much"}]}, "metrics[0].value"),
        ({"metrics": [{"key": "m", "value": True}]}, "metrics[0].value"),
        ({"metrics": [{"key": "m", "value": 1, "step": 2**63}]}, "metrics[0].step"),
        ({"metrics": [{"key": "", "value": 1}]}, "metrics[0].key"),
        ({"params": {f"p{n}": "1" for n in range(101)}}, "params"),
        ({"params": {"p": "x" * 6001}}, "params.p"),
        ({"tags": {"k" * 251: "x"}}, "tags." + "k" * 80),
        ({"inputs": [{"name": "squad"}]}, "inputs[0]"),
        ({"outputs": ["nowhere"]}, "outputs[0]"),
    ],
)
def test_a_wrong_batch_is_told_where_and_leaves_nothing(
    lab: Lab, run: Any, batch: dict[str, Any], field: str
) -> None:
    problem = log(lab, run, expect=400, **batch)

    assert problem["errors"][0]["field"] == field
    assert not RunMetric.objects.exists()


def test_a_run_ends_once_per_status(lab: Lab, run: Any) -> None:
    address = f"runs/{run['uuid']}/finish/"

    ended = lab.post(address, {"status": "failed"}, expect=200)

    assert ended["status"] == "failed"
    assert lab.post(address, {"status": "failed"}, expect=200)["ended_at"] == ended["ended_at"]
    assert JournalEntry.objects.filter(action="registry.run.finished").count() == 1


def test_a_run_does_not_end_before_it_began(lab: Lab, run: Any) -> None:
    body = {"ended_at": "2001-01-01T00:00:00Z"}

    problem = lab.post(f"runs/{run['uuid']}/finish/", body, expect=400)

    assert problem["errors"][0]["field"] == "ended_at"


POINT = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["a", "b"]),
        "step": st.integers(-2, 2),
        "timestamp": st.integers(0, 3),
        "value": st.sampled_from([-1.5, 0.0, 0.5, 1e300]),
    }
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=st.lists(st.lists(POINT, max_size=6), max_size=4))
def test_in_whatever_batches_points_come_the_latest_is_the_greatest(
    lab: Lab, sent: list[list[dict[str, Any]]]
) -> None:
    experiment = experiments.create(
        actor=lab.author,
        workspace=lab.workspace.slug,
        name=unique("order"),
    )
    run = life.start(actor=lab.author, experiment=experiment.uuid)

    for batch in sent:
        batches.log_batch(actor=lab.author, run=run.uuid, metrics=batch)

    points = {(p["key"], p["step"], p["timestamp"], p["value"]) for batch in sent for p in batch}
    kept = RunMetric.objects.filter(run=run).values_list("key", "step", "timestamp", "value")
    latest = RunLatestMetric.objects.filter(run=run).values_list(
        "key", "step", "timestamp", "value"
    )
    assert set(kept) == points
    assert set(latest) == {max(p for p in points if p[0] == key) for key in {p[0] for p in points}}
