"""Experiments: a hypothesis, and verdicts that never vanish."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core.models import JournalEntry
from registry.models import ExperimentVerdict
from tests.factories import make_model, make_result, make_workspace, reference
from tests.registry.evaluations.bench import Lab


@pytest.fixture
def experiment(lab: Lab) -> Any:
    return lab.post(
        "experiments/",
        {
            "workspace": lab.workspace.slug,
            "name": "/teams/assist/shorter",
            "hypothesis": "Shorter prompts answer as well.",
            "tags": {"owner": "assist"},
        },
    )


def test_an_experiment_begins_open_and_shows_what_it_is_to_show(experiment: Any) -> None:
    assert experiment["status"] == "open"
    assert experiment["verdict"] is None
    assert experiment["hypothesis"] == "Shorter prompts answer as well."
    assert experiment["tags"] == {"owner": "assist"}


def test_a_name_is_taken_once_per_workspace(lab: Lab, experiment: Any) -> None:
    again = {"workspace": lab.workspace.slug, "name": experiment["name"]}

    assert lab.post("experiments/", again, expect=409)["type"].endswith("conflict")


def test_a_verdict_replaces_the_last_one_and_both_stay_on_record(lab: Lab, experiment: Any) -> None:
    result = make_result(lab.workspace, make_model(lab.workspace))
    address = f"experiments/{experiment['uuid']}/conclude/"

    lab.post(address, {"status": "inconclusive", "text": "too few rows"}, expect=200)
    body = {"status": "supported", "text": "equal in 400 rows", "results": [reference(result)]}
    shown = lab.post(address, body, expect=200)

    assert shown["status"] == "supported"
    assert shown["verdict"]["results"] == [reference(result)]
    history = lab.get(f"verdicts/?experiment={experiment['uuid']}")["results"]
    assert [each["status"] for each in history] == ["supported", "inconclusive"]
    assert history[0]["valid_to"] is None
    assert history[1]["valid_to"] == history[0]["valid_from"]


def test_a_verdict_cannot_be_rewritten(lab: Lab, experiment: Any) -> None:
    address = f"experiments/{experiment['uuid']}/conclude/"
    lab.post(address, {"status": "refuted", "text": "worse"}, expect=200)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ExperimentVerdict.objects.update(text="better")


def test_a_verdict_rests_on_results_only(lab: Lab, experiment: Any) -> None:
    model = make_model(lab.workspace)
    body = {"status": "supported", "text": "so it is", "results": [reference(model)]}

    problem = lab.post(f"experiments/{experiment['uuid']}/conclude/", body, expect=400)

    assert problem["errors"] == [{"field": "results[0]", "reason": "is a model, no result"}]


def test_a_result_of_a_foreign_workspace_is_named_as_if_there_were_none(
    lab: Lab, experiment: Any
) -> None:
    elsewhere = make_workspace()
    hidden = make_result(elsewhere, make_model(elsewhere))
    body = {"status": "supported", "text": "so it is", "results": [reference(hidden)]}

    problem = lab.post(f"experiments/{experiment['uuid']}/conclude/", body, expect=400)

    assert "there is no version" in problem["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("status", "count"), [("open", 1), ("refuted", 1), ("supported", 0), ("inconclusive", 0)]
)
def test_experiments_are_found_by_how_they_stand(
    lab: Lab, experiment: Any, status: str, count: int
) -> None:
    other = lab.post("experiments/", {"workspace": lab.workspace.slug, "name": "other"})
    lab.post(
        f"experiments/{other['uuid']}/conclude/", {"status": "refuted", "text": "no"}, expect=200
    )

    assert len(lab.get(f"experiments/?status={status}")["results"]) == count


def test_what_happens_is_journalled(lab: Lab, experiment: Any) -> None:
    lab.post(
        f"experiments/{experiment['uuid']}/conclude/",
        {"status": "refuted", "text": "worse"},
        expect=200,
    )

    actions = list(
        JournalEntry.objects.filter(workspace=lab.workspace.uuid, action__contains="experiment")
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert actions == ["registry.experiment.created", "registry.experiment.concluded"]


@pytest.mark.parametrize("name", ["", "a\x07b", "x" * 501])
def test_a_bad_name_is_told(lab: Lab, name: str) -> None:
    problem = lab.post("experiments/", {"workspace": lab.workspace.slug, "name": name}, expect=400)

    assert problem["errors"][0]["field"] == "name"
