"""What runs, evaluations, deployments, scans and lives become in OpenLineage: pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.lineage.entries import (
    HAPPENED_AT,
    digest,
    mapped,
    point,
    promotion,
    record,
    registration,
    uuid,
)

DEPLOYMENT = "prod/deployment/assist"


def told(action: str, subject: str, data: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    """The valid events of an entry of the workspace dev."""
    source = record(action, subject, data)
    full = {**source.body, "reason": "", **body}
    return mapped(replace(source, body=full, workspace="dev"))


def ended(status: str, **data: Any) -> dict[str, Any]:
    fields = {"run": uuid(1), "experiment": uuid(2), "experiment_name": "rates / a", "name": "x"}
    (event,) = told("registry.run.finished", "run/1", fields | data, after={"status": status})
    return event


def test_a_run_that_ended_tells_what_it_was_given_read_made_and_measured() -> None:
    event = ended(
        "finished",
        ended_at="2024-06-10T06:00:00+00:00",
        params=[{"key": "lr", "value": "0.1"}, {"key": "text", "digest": digest("d"), "size": 900}],
        metrics=[{"key": "loss", "value": "0.25"}, {"key": "broken", "value": "nan"}],
        inputs=[
            {"name": "t", "digest": "1", "context": "", **point("dev/dataset/t/1", 3, "b")},
            {"name": "elsewhere", "digest": "2", "context": ""},
        ],
        outputs=[point("dev/model/bot/2", 4, "c")],
    )

    assert (event["eventType"], event["eventTime"]) == ("COMPLETE", "2024-06-10T06:00:00.000000Z")
    assert event["run"]["runId"] == uuid(1)
    assert event["job"]["name"] == "experiment.rates%20%2F%20a"
    assert [(each["namespace"], each["name"]) for each in event["inputs"]] == [
        ("muniment://registry", "dev/dataset/t"),
        ("muniment.dev.elsewhere", "elsewhere"),
    ]
    (made,) = event["outputs"]
    assert made["outputFacets"]["muniment_metrics"]["metrics"] == [{"name": "loss", "value": 0.25}]
    parameters = event["run"]["facets"]["executionParameters"]["parameters"]
    assert [each["value"] for each in parameters] == ["0.1", digest("d")]


def test_a_run_that_failed_was_killed_or_goes_on_says_so() -> None:
    states = [ended(status)["eventType"] for status in ("failed", "killed", "running")]

    assert states == ["FAIL", "ABORT", "RUNNING"]


def test_an_entry_of_an_earlier_release_is_told_with_what_it_has() -> None:
    (event,) = told(
        "registry.run.finished", "run/1", {"run": uuid(1)}, after={"status": "finished"}
    )

    assert event["job"]["name"] == f"experiment.{uuid(1)}"
    assert told("registry.evaluation.succeeded", "evaluation/1", {"evaluation": uuid(1)}) == []


def test_a_failed_evaluation_names_lines_and_nothing_that_stands_in_them() -> None:
    problems = [{"line": 3, "column": "score", "reason": "'my secret' is no number"}]
    links = [{"role": "evaluates", **point("dev/model/bot/2", 4, "c")}]
    data = {"evaluation": uuid(1), "name": "eval", "links": links, "problems": problems}

    (event,) = told("registry.evaluation.failed", "evaluation/1", data)

    assert event["eventType"] == "FAIL"
    message = event["run"]["facets"]["errorMessage"]["message"]
    assert message == "1 problem(s) in the rows; the first in line(s) 3"


def test_a_version_that_an_evaluation_made_has_no_second_run() -> None:
    links = [{"role": "evaluates", **point("dev/model/bot/2", 4, "c")}]
    (event,) = mapped(registration("dev/result/eval/1", links=links, work=uuid(9)))

    assert "run" not in event


def revised(number: int, **data: Any) -> dict[str, Any]:
    fields = {
        "deployment": uuid(7),
        "revision": number,
        "endpoint": "https://assist.example",
        "application": None,
        "members": [{**point("prod/prompt/ask/1", 3, "b"), "traffic": 100}],
        "configuration_digest": digest("e"),
        "equals": None,
    }
    (event,) = told("registry.deployment.revised", DEPLOYMENT, fields | data)
    return event


def reported(number: int, state: str, superseded: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    data = {"deployment": uuid(7), "revision": number, "superseded": list(superseded)}
    action = "registry.deployment_state.reported"
    return told(action, DEPLOYMENT, data, after={"state": state})


def test_each_revision_is_a_run_that_ends_when_another_replaces_it() -> None:
    first, second = revised(1), revised(2)

    running, replaced = reported(2, "running", superseded=(1,))

    assert first["run"]["runId"] != second["run"]["runId"]
    assert (running["eventType"], running["run"]["runId"]) == ("RUNNING", second["run"]["runId"])
    assert (replaced["eventType"], replaced["run"]["runId"]) == ("COMPLETE", first["run"]["runId"])
    assert first["job"]["facets"]["jobType"]["processingType"] == "SERVICE"
    assert [each["name"] for each in first["inputs"]] == ["prod/prompt/ask"]
    assert [each["name"] for each in first["outputs"]] == ["prod/deployment/assist"]


def test_a_rollback_is_a_new_run_that_names_the_revision_that_it_equals() -> None:
    event = revised(3, equals=1)

    assert event["eventType"] == "START"
    assert event["run"]["facets"]["muniment_deployment"]["equalsRevision"] == 1


def test_a_failure_of_a_deployment_is_told_with_its_reason() -> None:
    (event,) = reported(1, "failed")

    assert event["eventType"] == "FAIL"
    assert event["run"]["facets"]["errorMessage"]["message"]


def test_a_decision_is_told_in_the_run_of_its_promotion() -> None:
    source = promotion("decided", decision="approved", approval=uuid(80))
    body = {**source.body, "actor": {"id": uuid(91)}}

    start, decision = mapped(replace(source, body=body))

    assert (start["eventType"], decision["eventType"]) == ("START", "OTHER")
    assert start["run"]["runId"] == decision["run"]["runId"]
    facet = decision["run"]["facets"]["muniment_approval"]
    assert (facet["decision"], facet["decidedBy"]) == ("approved", uuid(91))


def test_a_scan_is_one_run_per_workspace_with_a_test_per_policy() -> None:
    rules = [
        {"rule": "closed", "severity": "high", "states": {"fail": 1, "pass": 2}},
        {"rule": "named", "severity": "low", "states": {"pass": 3}},
        {"rule": "old", "severity": "high", "states": {"exempt": 1}},
        {"rule": "other", "severity": "low", "states": {"not_applicable": 1}},
    ]
    data = {"scan": uuid(5), "as_of": HAPPENED_AT.isoformat(), "rules": rules}

    start, complete = told(
        "audits.scan.workspace_scanned", "scan/5", data | {"is_truncated": False}
    )

    assert start["run"]["runId"] == complete["run"]["runId"] != uuid(5)
    tests = complete["run"]["facets"]["test"]["tests"]
    assert [(each["status"], each["severity"]) for each in tests] == [
        ("fail", "error"),
        ("pass", "warn"),
        ("fail", "warn"),
        ("skip", "warn"),
    ]
    assert [each["name"] for each in complete["outputs"]] == ["dev/report/policy-scan"]


def test_a_renamed_asset_names_its_former_self() -> None:
    (event,) = told(
        "registry.asset.renamed", "dev/prompt/new name", {"asset": uuid(1)}, before={"name": "old"}
    )

    change = event["dataset"]["facets"]["lifecycleStateChange"]
    assert event["dataset"]["name"] == "dev/prompt/new%20name"
    assert change["lifecycleStateChange"] == "RENAME"
    assert change["previousIdentifier"] == {
        "namespace": "muniment://registry",
        "name": "dev/prompt/old",
    }


def test_a_deleted_asset_is_dropped_and_a_withdrawn_version_is_tagged() -> None:
    (dropped,) = told("registry.asset.deleted", "dev/prompt/old", {"asset": uuid(1)})
    subject = "muniment://registry/dev/prompt/old/3"
    (tagged,) = told(
        "registry.lifecycle.changed", subject, {"version": uuid(1), "state": "withdrawn"}
    )

    change = dropped["dataset"]["facets"]["lifecycleStateChange"]["lifecycleStateChange"]
    assert change == "DROP"
    (tag,) = tagged["dataset"]["facets"]["tags"]["tags"]
    assert tag == {"key": "lifecycle", "value": "withdrawn", "source": "MUNIMENT"}
    (gone,) = told("registry.version.deleted", subject, {"version": uuid(1)})
    (tag,) = gone["dataset"]["facets"]["tags"]["tags"]
    assert tag["value"] == "deleted"


def test_the_same_entry_always_gives_the_same_events() -> None:
    assert revised(1) == revised(1)
    assert reported(2, "running", superseded=(1,)) == reported(2, "running", superseded=(1,))


def moved(before: int | None, after: int | None) -> list[dict[str, Any]]:
    def side(number: int | None) -> dict[str, Any]:
        known = {"digest": digest("a"), "version": uuid(number or 0)}
        return {"number": number} | (known if number else {})

    data = {"asset": uuid(9), "alias": "production", "promotion": None, "undoes": None}
    subject = "dev/model/bot@production"
    return told("registry.alias.moved", subject, data, before=side(before), after=side(after))


def test_an_alias_that_moves_is_told_of_the_version_that_it_names() -> None:
    (event,) = moved(1, 2)
    (ended,) = moved(2, None)

    facet = event["dataset"]["facets"]["muniment_alias"]
    assert event["dataset"]["facets"]["version"]["datasetVersion"] == "2"
    assert (facet["alias"], facet["ref"], facet["previousRef"]) == (
        "production",
        "muniment://registry/dev/model/bot/2",
        "muniment://registry/dev/model/bot/1",
    )
    assert "ref" not in ended["dataset"]["facets"]["muniment_alias"]
    assert ended["dataset"]["facets"]["version"]["datasetVersion"] == "2"
    assert moved(None, None) == []


def breach(action: str, **data: Any) -> list[dict[str, Any]]:
    rule = {"measure": "cost", "period": "month", "bound": "0.3", "currency": "EUR", "metric": ""}
    fields = {"name": "budget", "severity": "high", "value": "0.5", "rule": rule, "is_ended": False}
    return told(action, DEPLOYMENT, {"deployment": uuid(5)} | fields | data)


def test_a_measure_beyond_its_bound_is_a_failed_test_of_the_job_that_watches() -> None:
    start, failed = breach("registry.threshold.breached")
    passed = breach("registry.threshold.recovered", value="0.1")[-1]
    over = breach("registry.threshold.recovered", value="", is_ended=True)[-1]

    assert (start["eventType"], failed["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == failed["run"]["runId"]
    assert failed["job"]["name"] == "watch.assist"
    assert [each["name"] for each in failed["inputs"]] == ["prod/deployment/assist"]
    (test,) = failed["run"]["facets"]["test"]["tests"]
    assert (test["name"], test["status"], test["severity"]) == ("budget", "fail", "error")
    assert (test["type"], test["expected"], test["actual"]) == ("threshold", "0.3", "0.5")
    assert test["params"] == {
        "measure": "cost",
        "period": "month",
        "bound": "0.3",
        "currency": "EUR",
    }
    statuses = [each["run"]["facets"]["test"]["tests"][0]["status"] for each in (passed, over)]
    assert statuses == ["pass", "skip"]


def test_drift_is_a_failed_test_against_the_baseline() -> None:
    baseline = {"baseline": uuid(7), "feature": "length", "digest": digest("b")}
    data = {
        "deployment": uuid(5),
        "name": "lengths",
        "method": "ks",
        "value": "0.5",
        "bound": "0.2",
        "evaluator": "",
        "baseline": baseline,
        "is_ended": False,
    }
    drifted = told("registry.drift.detected", DEPLOYMENT, data)[-1]
    back = told("registry.drift.ended", DEPLOYMENT, data | {"value": "0.1"})[-1]

    (test,) = drifted["run"]["facets"]["test"]["tests"]
    assert (test["status"], test["type"], test["expected"]) == ("fail", "drift", "0.2")
    assert test["params"] == {"method": "ks", **baseline}
    assert back["run"]["facets"]["test"]["tests"][0]["status"] == "pass"
