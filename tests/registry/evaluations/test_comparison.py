"""Comparisons: only like with like, corrected for how many are asked, with a direction."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import (
    DATASET_SPEC,
    make_dataset,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.evaluations.bench import JUDGE, Bench, lines


def result(bench: Bench, costs: list[float], **changes: Any) -> str:
    """The reference of a result whose rows have these costs."""
    rows = [{"id": index, "cost": cost} for index, cost in enumerate(costs)]
    return str(bench.evaluate(lines(rows), **changes)["result"])


def compare(bench: Bench, *references: str, expect: int = 200, **options: Any) -> Any:
    body = {"baseline": references[0], "variants": list(references[1:]), **options}
    return bench.lab.post("evaluations/compare/", body, expect=expect)


CHEAP = [1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.0]
DEAR = [cost + 0.5 + index / 100 for index, cost in enumerate(CHEAP)]


def test_a_dearer_variant_is_worse_for_cost_counts_downwards(bench: Bench) -> None:
    base, dear = result(bench, CHEAP), result(bench, DEAR)

    (found,) = compare(bench, base, dear)["differences"]

    assert (found["metric"], found["n"], found["verdict"]) == ("cost", 10, "worse")
    assert found["difference"] == pytest.approx(0.545)
    assert found["interval"][0] > 0.5
    assert compare(bench, dear, base)["differences"][0]["verdict"] == "better"


def test_several_variants_are_corrected_for(bench: Bench) -> None:
    base, dear = result(bench, CHEAP), result(bench, DEAR)
    same = result(bench, [*CHEAP[:9], 1.0001])

    found = compare(bench, base, dear, same)

    assert found["correction"] == "Holm over 2 tests"
    first, second = found["differences"]
    assert first["p_adjusted"] == pytest.approx(2 * first["p_value"])
    assert second["verdict"] == "no_evidence"


def test_rows_that_do_not_pair_are_refused_by_name(bench: Bench) -> None:
    base, longer = result(bench, CHEAP), result(bench, [*CHEAP, 2.0])

    problem = compare(bench, base, longer, expect=409)

    assert problem["unpaired"] == ["10"]


def test_other_data_is_refused(bench: Bench) -> None:
    other = make_dataset(bench.lab.workspace, spec=DATASET_SPEC | {"format": "csv"})
    base = result(bench, CHEAP)
    elsewhere = result(bench, CHEAP, dataset=reference(other))

    assert "other data" in compare(bench, base, elsewhere, expect=409)["detail"]


def test_too_few_rows_are_refused(bench: Bench) -> None:
    base, dear = result(bench, CHEAP[:5]), result(bench, DEAR[:5])

    assert "5 pairs" in compare(bench, base, dear, expect=409)["detail"]


def test_another_version_of_a_judge_is_another_instrument(bench: Bench) -> None:
    rows = [{"id": index, "groundedness": 0.5} for index in range(10)]
    base = bench.evaluate(lines(rows))["result"]
    newer = bench.evaluate(lines(rows), evaluators=[JUDGE | {"version": "2"}])["result"]

    problem = compare(bench, base, newer, metrics=["groundedness"], expect=409)

    assert "other versions" in problem["detail"]


def test_a_score_that_one_side_lacks_is_refused(bench: Bench) -> None:
    rows = [{"id": index, "cost": 1} for index in range(12)]
    base = bench.evaluate(lines(rows))["result"]
    gap = bench.evaluate(lines([*rows[:11], {"id": 11}]))["result"]

    assert "1 rows have 'cost'" in compare(bench, base, gap, expect=409)["detail"]


def test_a_result_registered_without_rows_cannot_be_compared(bench: Bench) -> None:
    base = result(bench, CHEAP)
    body = {
        "workspace": bench.lab.workspace.slug,
        "kind": "result",
        "name": "by hand",
        "spec": {"method": "by hand", "evaluators": [{"name": "us", "type": "human"}]},
    }
    by_hand = bench.lab.post("versions/", body)["ref"]

    problem = compare(bench, base, by_hand, expect=400)

    assert problem["errors"][0]["field"] == "variants[0]"


def test_results_of_a_foreign_workspace_are_as_if_there_were_none(bench: Bench) -> None:
    base, dear = result(bench, CHEAP), result(bench, DEAR)
    stranger = token_client(member(make_workspace(), "author"))

    answer = stranger.post(
        "/api/registry/evaluations/compare/",
        {"baseline": base, "variants": [dear]},
        format="json",
    )

    assert answer.status_code == 400
    assert "there is no version" in answer.json()["detail"]


def test_the_trend_of_an_asset_shows_who_measured_what_on_which_data(bench: Bench) -> None:
    rows = [{"id": 1, "groundedness": 0.5}]
    first = bench.evaluate(lines(rows))
    second = bench.evaluate(lines([{"id": 1, "groundedness": 0.75}]))
    asset = bench.lab.get(f"assets/?name={bench.body['evaluates'].split('/')[2]}")["results"][0]
    address = f"assets/{asset['uuid']}/trend/"

    found = bench.lab.get(f"{address}?metric=groundedness&evaluator=judge")["results"]

    assert [(point["result"], point["value"]) for point in found] == [
        (second["result"], 0.75),
        (first["result"], 0.5),
    ]
    assert found[0]["evaluator_version"] == JUDGE["version"]
    assert found[0]["version"] == bench.body["evaluates"]
    assert found[0]["dataset"] == bench.body["dataset"]
    digest = found[0]["dataset_digest"]
    assert len(bench.lab.get(f"{address}?metric=groundedness&dataset={digest}")["results"]) == 2
    assert bench.lab.get(f"{address}?metric=groundedness&dataset=x")["results"] == []


def test_a_judged_number_without_judge_is_refused_and_ours_cannot_be_claimed(
    bench: Bench,
) -> None:
    body = {
        "workspace": bench.lab.workspace.slug,
        "kind": "result",
        "name": "by hand",
        "spec": {"method": "by hand", "evaluators": [{"name": "us", "type": "human"}]},
        "metrics": [
            {"name": "groundedness", "value": 0.9},
            {"name": "exact_match", "value": 1, "evaluator": "muniment"},
            {"name": "loss", "value": 1},
        ],
    }

    problem = bench.lab.post("versions/", body, expect=400)

    assert [each["field"] for each in problem["errors"]] == [
        "metrics[0].evaluator",
        "metrics[1].evaluator",
    ]
