"""Experiments and runs are renamed, described, tagged, deleted and restored; nothing is lost."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict
from core.models import JournalEntry
from registry.models import ExperimentFormerName, RunMetric, TrackingDeletion
from registry.services import experiments, tracking_deletions
from registry.services.runs import batches, life
from tests.factories import make_workspace, member, token_client
from tests.registry.evaluations.bench import Lab

WHATEVER = {"If-Match": "*"}
CHANGES = [
    ("patch", "", {"name": "another"}),
    ("put", "tags/colour/", {"value": "blue"}),
    ("delete", "tags/colour/", None),
]


@pytest.fixture
def experiment(lab: Lab) -> Any:
    body = {"workspace": lab.workspace.slug, "name": "shorter", "tags": {"colour": "red"}}
    return lab.post("experiments/", body)


@pytest.fixture
def run(lab: Lab, experiment: Any) -> Any:
    body = {"experiment": experiment["uuid"], "name": "first", "tags": {"colour": "red"}}
    return lab.post("runs/", body)


def send(lab: Lab, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
    """Send a change of whatever is there."""
    client = getattr(lab.client, method)
    answer = client(f"/api/registry/{path}", body, format="json", headers=WHATEVER)
    assert answer.status_code == expect, answer.content
    return answer.json() if answer.content else None


def names(lab: Lab, path: str) -> list[str]:
    return [each["name"] for each in lab.get(path)["results"]]


def test_a_renamed_experiment_tells_its_former_names_and_is_found_by_them(
    lab: Lab, experiment: Any
) -> None:
    one = f"experiments/{experiment['uuid']}/"

    send(lab, "patch", one, {"name": "briefer"})
    shown = send(lab, "patch", one, {"name": "briefest"})

    assert shown["name"] == "briefest"
    assert shown["former_names"] == ["shorter", "briefer"]
    for name in ("shorter", "briefer", "briefest"):
        assert names(lab, f"experiments/?name={name}") == ["briefest"]


def test_a_former_name_is_nobody_elses(lab: Lab, experiment: Any) -> None:
    one = f"experiments/{experiment['uuid']}/"
    other = lab.post("experiments/", {"workspace": lab.workspace.slug, "name": "other"})
    send(lab, "patch", one, {"name": "briefer"})

    lab.post("experiments/", {"workspace": lab.workspace.slug, "name": "shorter"}, expect=409)
    send(lab, "patch", f"experiments/{other['uuid']}/", {"name": "shorter"}, expect=409)
    send(lab, "patch", f"experiments/{other['uuid']}/", {"name": "briefer"}, expect=409)

    assert send(lab, "patch", one, {"name": "shorter"})["name"] == "shorter"
    assert ExperimentFormerName.objects.count() == 2


def test_equal_names_in_two_workspaces_are_two_experiments(lab: Lab, experiment: Any) -> None:
    send(lab, "patch", f"experiments/{experiment['uuid']}/", {"name": "briefer"})
    elsewhere = make_workspace()
    author = member(elsewhere, "author")

    assert experiments.create(actor=author, workspace=elsewhere.slug, name="shorter").pk


def test_a_change_needs_the_state_that_one_saw(lab: Lab, run: Any, experiment: Any) -> None:
    for one in (f"runs/{run['uuid']}/", f"experiments/{experiment['uuid']}/"):
        address = f"/api/registry/{one}"
        seen = lab.client.get(address).headers["ETag"]

        assert lab.client.patch(address, {"name": "x"}, format="json").status_code == 428
        send(lab, "put", f"{one}tags/colour/", {"value": "green"})
        late = lab.client.patch(address, {"name": "x"}, format="json", headers={"If-Match": seen})
        assert late.status_code == 412
        again = {"If-Match": lab.client.get(address).headers["ETag"]}
        assert lab.client.patch(address, {"name": "x"}, format="json", headers=again).json()[
            "name"
        ] == ("x")


def test_a_description_is_the_tag_that_other_clients_show(
    lab: Lab, run: Any, experiment: Any
) -> None:
    for one in (f"runs/{run['uuid']}/", f"experiments/{experiment['uuid']}/"):
        shown = send(lab, "patch", one, {"description": "Half the words."})

        assert shown["description"] == "Half the words."
        assert shown["tags"]["mlflow.note.content"] == "Half the words."


def test_an_equal_value_is_no_change_and_not_journalled(lab: Lab, experiment: Any) -> None:
    one = f"experiments/{experiment['uuid']}/"
    before = JournalEntry.objects.count()

    send(lab, "patch", one, {"name": "shorter", "description": ""})
    send(lab, "put", f"{one}tags/colour/", {"value": "red"})

    assert JournalEntry.objects.count() == before


def test_a_deleted_experiment_is_hidden_with_its_runs_and_kept_whole(
    lab: Lab, experiment: Any, run: Any
) -> None:
    lab.post(f"runs/{run['uuid']}/log-batch/", {"metrics": [{"key": "m", "value": 1}]}, expect=200)

    send(lab, "delete", f"experiments/{experiment['uuid']}/?reason=wrong data", expect=204)

    assert names(lab, "experiments/") == names(lab, "runs/") == []
    assert names(lab, "experiments/?state=deleted") == ["shorter"]
    assert names(lab, "experiments/?state=all") == ["shorter"]
    assert names(lab, "runs/?state=deleted") == ["first"]
    assert RunMetric.objects.count() == 1
    shown = lab.get(f"experiments/{experiment['uuid']}/")
    assert shown["lifecycle_stage"] == "deleted"
    assert shown["deletion"]["reason"] == "wrong data"
    assert shown["deletion"]["deleted_by"] == lab.author.user.username  # type: ignore[union-attr]


def test_a_restored_experiment_brings_back_the_runs_that_were_not_deleted_themselves(
    lab: Lab, experiment: Any, run: Any
) -> None:
    lab.post("runs/", {"experiment": experiment["uuid"], "name": "second"})
    send(lab, "delete", f"runs/{run['uuid']}/", expect=204)
    send(lab, "delete", f"experiments/{experiment['uuid']}/", expect=204)

    shown = lab.post(f"experiments/{experiment['uuid']}/restore/", {}, expect=200)

    assert shown["deletion"] is None
    assert names(lab, "runs/") == ["second"]
    assert names(lab, "runs/?state=deleted") == ["first"]
    lab.post(f"runs/{run['uuid']}/restore/", {"reason": "needed"}, expect=200)
    assert sorted(names(lab, "runs/")) == ["first", "second"]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_what_is_deleted_is_not_changed(
    lab: Lab, experiment: Any, run: Any, *, method: str, path: str, body: Any
) -> None:
    send(lab, "delete", f"runs/{run['uuid']}/", expect=204)
    problem = send(lab, method, f"runs/{run['uuid']}/{path}", body, expect=409)
    assert "restore it first" in problem["detail"]

    send(lab, "delete", f"experiments/{experiment['uuid']}/", expect=204)
    send(lab, method, f"experiments/{experiment['uuid']}/{path}", body, expect=409)


def test_nothing_more_is_recorded_in_a_deleted_experiment(
    lab: Lab, experiment: Any, run: Any
) -> None:
    send(lab, "delete", f"experiments/{experiment['uuid']}/", expect=204)

    lab.post("runs/", {"experiment": experiment["uuid"]}, expect=409)
    lab.post(f"runs/{run['uuid']}/log-batch/", {"tags": {"a": "b"}}, expect=409)
    lab.post(f"runs/{run['uuid']}/finish/", {}, expect=409)
    body = {"status": "refuted", "text": "no"}
    lab.post(f"experiments/{experiment['uuid']}/conclude/", body, expect=409)


def test_deleting_twice_and_restoring_what_stands_are_told(lab: Lab, experiment: Any) -> None:
    uuid = UUID(experiment["uuid"])
    with pytest.raises(Conflict, match="is not deleted"):
        tracking_deletions.restore_experiment(actor=lab.author, experiment=uuid)
    tracking_deletions.delete_experiment(actor=lab.author, experiment=uuid)

    with pytest.raises(Conflict, match="deleted already"):
        tracking_deletions.delete_experiment(actor=lab.author, experiment=uuid)


def test_every_deletion_stays_on_record(lab: Lab, experiment: Any) -> None:
    uuid = UUID(experiment["uuid"])
    for reason in ("first", "second"):
        tracking_deletions.delete_experiment(actor=lab.author, experiment=uuid, reason=reason)
        tracking_deletions.restore_experiment(actor=lab.author, experiment=uuid)

    facts = TrackingDeletion.objects.order_by("id")
    assert [(fact.reason, fact.valid_to is None) for fact in facts] == [
        ("first", False),
        ("second", False),
    ]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TrackingDeletion.objects.update(reason="never")
    actions = JournalEntry.objects.filter(action__startswith="registry.experiment.").order_by("id")
    assert [entry.action.rpartition(".")[2] for entry in actions] == [
        "created",
        "deleted",
        "restored",
        "deleted",
        "restored",
    ]


def test_a_workspace_may_require_reasons_of_these_changes_too(lab: Lab, experiment: Any) -> None:
    lab.workspace.requires_reason = True
    lab.workspace.save()
    one = f"experiments/{experiment['uuid']}/"

    assert send(lab, "delete", one, expect=400)["errors"][0]["field"] == "reason"
    send(lab, "patch", one, {"name": "x"}, expect=400)
    send(lab, "patch", one, {"name": "x", "reason": "clearer"})


@pytest.mark.parametrize("status", ["scheduled", "running", "finished", "failed", "killed"])
def test_a_run_goes_from_one_status_to_any_other(lab: Lab, run: Any, status: str) -> None:
    one = f"runs/{run['uuid']}/"
    send(lab, "patch", one, {"status": "killed"})

    shown = send(lab, "patch", one, {"status": status})

    assert shown["status"] == status
    assert (shown["ended_at"] is None) == (status in {"scheduled", "running"})


def test_a_run_that_goes_on_has_no_end(lab: Lab, run: Any) -> None:
    body = {"status": "running", "ended_at": "2999-01-01T00:00:00Z"}

    problem = send(lab, "patch", f"runs/{run['uuid']}/", body, expect=400)

    assert problem["errors"][0]["field"] == "ended_at"


def test_what_changed_is_journalled_with_its_reason(lab: Lab, run: Any) -> None:
    body = {"name": "last", "status": "failed", "reason": "ran out of memory"}

    send(lab, "patch", f"runs/{run['uuid']}/", body)

    entries = JournalEntry.objects.order_by("-id")[:2]
    told = {entry.action: json.loads(bytes(entry.body)) for entry in entries}
    assert told["registry.run.renamed"]["after"] == {"name": "last"}
    assert told["registry.run.finished"]["after"] == {"status": "failed"}
    assert {each["reason"] for each in told.values()} == {"ran out of memory"}


def test_a_reader_changes_nothing_and_an_outsider_finds_nothing(
    lab: Lab, experiment: Any, run: Any
) -> None:
    reader = Lab(lab.workspace, lab.author, token_client(member(lab.workspace, "reader")))
    outsider = Lab(lab.workspace, lab.author, token_client(member(make_workspace(), "author")))

    for one in (f"runs/{run['uuid']}/", f"experiments/{experiment['uuid']}/"):
        for method, path, body in CHANGES:
            send(reader, method, f"{one}{path}", body, expect=403)
            send(outsider, method, f"{one}{path}", body, expect=404)


def test_lists_of_deleted_things_cost_the_same_with_many(lab: Lab, experiment: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            lab.get("runs/?state=all")
        return len(captured)

    def delete(number: int) -> None:
        uuid = UUID(experiment["uuid"])
        for _ in range(number):
            run = life.start(actor=lab.author, experiment=uuid)
            batches.log_batch(actor=lab.author, run=run.uuid, tags={"a": "b"})
            tracking_deletions.delete_run(actor=lab.author, run=run.uuid)

    delete(2)
    lab.get("kinds/")
    few = cost()
    delete(6)

    assert cost() == few
