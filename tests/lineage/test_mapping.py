"""What OpenLineage is told of each journal entry: pure functions over plain data."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from lineage.mapping.journal import map_record
from lineage.mapping.record import Record
from lineage.mapping.wire import decode, encode
from tests.lineage.entries import (
    BASE,
    ENTRY,
    HAPPENED_AT,
    PROMOTION,
    completion,
    digest,
    mapped,
    point,
    promotion,
    record,
    registration,
    uuid,
    verdict,
)


def test_a_version_without_links_is_one_dataset_event() -> None:
    (event,) = mapped(registration())

    assert event["schemaURL"].endswith("/2-0-2/OpenLineage.json#/$defs/DatasetEvent")
    assert event["eventTime"] == "2024-06-10T07:00:00.000005Z"
    dataset = event["dataset"]
    assert (dataset["namespace"], dataset["name"]) == ("muniment://registry", "dev/model/bot")
    facets = {
        key: {name: value for name, value in facet.items() if not name.startswith("_")}
        for key, facet in dataset["facets"].items()
    }
    assert facets == {
        "version": {"datasetVersion": "3"},
        "datasetType": {"datasetType": "MODEL", "subType": "BASE"},
        "hierarchy": {
            "hierarchy": [
                {"type": "WORKSPACE", "name": "dev"},
                {"type": "KIND", "name": "model"},
                {"type": "ASSET", "name": "bot"},
            ]
        },
        "lifecycleStateChange": {"lifecycleStateChange": "OVERWRITE"},
        "muniment_assetVersion": {
            "ref": "muniment://registry/dev/model/bot/3",
            "versionId": uuid(1),
            "workspace": "dev",
            "kind": "model",
            "asset": "bot",
            "version": "3",
            "digest": digest("a"),
        },
    }


def test_the_first_version_creates_the_dataset() -> None:
    (event,) = mapped(registration("dev/prompt/answer/1"))

    change = event["dataset"]["facets"]["lifecycleStateChange"]
    assert change["lifecycleStateChange"] == "CREATE"


def test_links_are_a_run_from_what_was_read_to_what_was_made() -> None:
    links = [
        {"role": "fine_tuned_from", **point("dev/model/base/1", 2, "b")},
        {"role": "trained_on", **point("dev/dataset/tickets/4", 3, "c")},
    ]
    metrics = [{"name": "accuracy", "value": "0.25", "evaluator": "judge"}]

    described, start, complete = mapped(registration(links=links, metrics=metrics))

    assert described["dataset"]["facets"]["datasetType"]["subType"] == "FINE_TUNED"
    assert [start["eventType"], complete["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == complete["run"]["runId"] == str(ENTRY)
    assert complete["job"]["namespace"] == "muniment.dev"
    assert complete["job"]["name"] == "fine_tune.model.bot"
    assert complete["job"]["facets"]["jobType"]["jobType"] == "TRAINING"
    assert [
        (
            item["name"],
            item["facets"]["version"]["datasetVersion"],
            *item["inputFacets"]["muniment_link"]["roles"],
        )
        for item in complete["inputs"]
    ] == [
        ("dev/model/base", "1", "fine_tuned_from"),
        ("dev/dataset/tickets", "4", "trained_on"),
    ]
    assert start["inputs"] == complete["inputs"]
    assert start["outputs"] == []
    (made,) = complete["outputs"]
    assert made["name"] == "dev/model/bot"
    assert made["outputFacets"]["muniment_metrics"]["metrics"] == [
        {"name": "accuracy", "value": 0.25, "evaluator": "judge"}
    ]


def test_an_input_in_two_roles_stands_once() -> None:
    twice = point("dev/model/base/1", 2, "b")
    links = [{"role": "fine_tuned_from", **twice}, {"role": "derived_from", **twice}]

    complete = mapped(registration(links=links))[-1]

    (item,) = complete["inputs"]
    assert item["inputFacets"]["muniment_link"]["roles"] == ["fine_tuned_from", "derived_from"]


@pytest.mark.parametrize(
    ("ref", "role", "job", "job_type"),
    [
        ("dev/model/m/1", "trained_on", "train.model.m", "TRAINING"),
        ("dev/model/m/1", "adapter_of", "fine_tune.model.m", "TRAINING"),
        ("dev/model/m/1", "merged_from", "merge.model.m", "TRAINING"),
        ("dev/model/m/1", "distilled_from", "distill.model.m", "TRAINING"),
        ("dev/model/m/1", "derived_from", "derive.model.m", "DERIVATION"),
        ("dev/dataset/d/1", "derived_from", "prepare.dataset.d", "DATA_PREP"),
        ("dev/prompt/p/1", "uses_model", "derive.prompt.p", "DERIVATION"),
        ("dev/flow/f/1", "uses_prompt", "build.flow.f", "FLOW_BUILD"),
        ("dev/result/r/1", "evaluates", "evaluate.result.r", "EVALUATION"),
    ],
)
def test_the_job_says_what_kind_of_work_it_was(
    ref: str, role: str, job: str, job_type: str
) -> None:
    links = [{"role": role, **point("dev/model/other/1", 2, "b")}]

    complete = mapped(registration(ref, links=links))[-1]

    assert complete["job"]["name"] == job
    assert complete["job"]["facets"]["jobType"]["jobType"] == job_type


def test_names_are_encoded_so_that_two_assets_never_share_one() -> None:
    (spaced,) = mapped(registration("dev/model/my bot é/1"))
    (escaped,) = mapped(registration("dev/model/my%20bot é/1"))

    assert spaced["dataset"]["name"] == "dev/model/my%20bot%20%C3%A9"
    assert escaped["dataset"]["name"] == "dev/model/my%2520bot%20%C3%A9"
    assert spaced["dataset"]["facets"]["muniment_assetVersion"]["asset"] == "my bot é"


def test_a_completed_promotion_leads_from_each_source_to_its_copy() -> None:
    start, complete = mapped(completion())

    assert [start["eventType"], complete["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == complete["run"]["runId"] == PROMOTION
    assert complete["job"]["namespace"] == "muniment.prod"
    assert complete["job"]["name"] == "promote.flow.bot"
    assert [item["name"] for item in complete["inputs"]] == ["dev/flow/bot"]
    assert [item["name"] for item in complete["outputs"]] == ["prod/flow/bot"]
    (entry,) = complete["job"]["facets"]["lineage"]["entries"]
    assert (entry["name"], entry["inputs"][0]["name"]) == ("prod/flow/bot", "dev/flow/bot")
    facet = complete["run"]["facets"]["muniment_promotion"]
    assert facet["outcome"] == "completed"
    assert facet["approvedBy"] == [uuid(91)]
    assert facet["requestedBy"] == uuid(90)
    assert facet["digestMatch"] is True
    assert [(m["source"], m["target"], m["reused"]) for m in facet["members"]] == [
        ("dev/model/llm/7", "prod/model/llm/4", True),
        ("dev/flow/bot/2", "prod/flow/bot/1", False),
    ]


def test_a_copy_of_another_digest_is_told() -> None:
    changed = {
        "source": point("dev/flow/bot/2", 2, "b"),
        "target": point("prod/flow/bot/1", 5, "f"),
        "is_reused": False,
    }

    complete = mapped(completion(members=[changed]))[-1]

    assert complete["run"]["facets"]["muniment_promotion"]["digestMatch"] is False


def test_a_refusal_aborts_the_run_with_every_gates_reasons() -> None:
    verdicts = [
        verdict("closure", "pass"),
        verdict("approvals", "require_approval"),
        verdict("policies", "refuse", ("no_licence", "The model names no licence.")),
        verdict("later_kind", "something_new"),
    ]

    _, abort = mapped(promotion("refused", verdicts=verdicts))

    assert abort["eventType"] == "ABORT"
    assert abort["outputs"] == []
    assert abort["run"]["facets"]["muniment_promotion"]["outcome"] == "refused"
    tests = abort["run"]["facets"]["test"]["tests"]
    assert [(test["name"], test["status"], test["severity"]) for test in tests] == [
        ("closure", "pass", "error"),
        ("approvals", "fail", "warn"),
        ("policies", "fail", "error"),
        ("later_kind", "fail", "error"),
    ]
    assert tests[2]["description"] == "no_licence: The model names no licence."


@pytest.mark.parametrize("verb", ["withdrawn", "expired"])
def test_a_promotion_that_nobody_completed_aborts_its_run(verb: str) -> None:
    _, abort = mapped(promotion(verb))

    assert abort["eventType"] == "ABORT"
    assert abort["run"]["facets"]["muniment_promotion"]["outcome"] == verb


def test_every_entry_of_a_promotion_starts_it_with_the_same_bytes() -> None:
    later = completion()
    entries = [promotion("requested"), promotion("refused"), promotion("expired"), later]
    later = Record(UUID(int=7), HAPPENED_AT + timedelta(days=3), later.action, later.body)

    starts = {encode(map_record(entry, base_url=BASE)[0].event) for entry in [*entries, later]}

    assert len(starts) == 1
    assert json.loads(starts.pop())["eventTime"] == "2024-06-10T02:35:18.400000Z"


def test_a_promotion_is_told_without_the_free_text_of_people() -> None:
    told = completion()
    told = Record(ENTRY, HAPPENED_AT, told.action, {**told.body, "reason": "Joanna said so"})

    assert "Joanna" not in json.dumps(mapped(told))


def test_the_versions_named_are_listed_for_access_control() -> None:
    named = map_record(completion(), base_url=BASE)[-1].versions

    assert {str(version) for version in named} == {uuid(2), uuid(3), uuid(5), uuid(6)}


def test_entries_without_lineage_yield_nothing() -> None:
    other = record("registry.alias_rule.ended", "muniment://registry/dev/model/bot", {"rule": "a"})

    assert map_record(other, base_url=BASE) == ()


@pytest.mark.parametrize("source", [registration(), completion(), promotion("refused")])
def test_events_survive_the_way_to_bytes_and_back(source: Record) -> None:
    for item in map_record(source, base_url=BASE):
        body = encode(item.event)
        assert type(decode(body)) is type(item.event)
        assert encode(decode(body)) == body


def test_our_facets_name_their_schema_at_the_installations_address() -> None:
    complete = mapped(completion())[-1]

    url = complete["run"]["facets"]["muniment_promotion"]["_schemaURL"]
    assert url == (
        f"{BASE}/api/lineage/schemas/MunimentPromotionRunFacet/1-0-0.json"
        "#/$defs/MunimentPromotionRunFacet"
    )
