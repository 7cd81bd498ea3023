"""Evaluations: rows become a result whose numbers can be traced to them, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core import tasks
from core.canonical import sha256
from core.models import JournalEntry
from registry.models import (
    AssetVersion,
    Evaluation,
    EvaluationRow,
    RowsChunk,
    RowText,
)
from registry.services.evaluations import work
from tests.factories import (
    make_dataset,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.evaluations.bench import JUDGE, ROWS, Bench, lines


def metrics_of(bench: Bench, shown: Any) -> dict[tuple[str, str], float]:
    found = AssetVersion.objects.get(
        asset__name="capitals", number=int(shown["result"].rsplit("/", 1)[1])
    )
    return {(m.name, m.evaluator): m.value for m in found.metrics.all()}


def test_rows_become_a_result_with_metrics_that_name_who_gave_them(bench: Bench) -> None:
    shown = bench.evaluate(lines(ROWS))

    assert shown["status"] == "succeeded"
    assert shown["row_count"] == 3
    metrics = metrics_of(bench, shown)
    assert metrics["groundedness", "judge"] == pytest.approx(0.7)
    assert metrics["exact_match", "muniment"] == 0.5
    assert metrics["token_f1", "muniment"] == pytest.approx((1 + 2 / 3) / 2)
    assert metrics["latency_ms_p50", "muniment"] == 200
    assert metrics["latency_ms_p95", "muniment"] == 290
    assert metrics["cost_total", "muniment"] == 0.25


def test_the_result_is_linked_to_all_that_it_rests_on_and_its_digest_covers_the_rows(
    bench: Bench,
) -> None:
    shown = bench.evaluate(lines(ROWS))

    result = AssetVersion.objects.get(asset__name="capitals")
    assert {link.role for link in result.links.all()} == {
        "evaluates",
        "evaluated_on",
        "uses_prompt",
    }
    told = result.spec.body["evaluation"]
    assert told["rows_digest"] == sha256(lines(ROWS).encode()) == shown["rows_digest"]
    assert told["coverage"] == {
        "cost": 1,
        "exact_match": 2,
        "groundedness": 2,
        "latency_ms": 2,
        "rouge1": 2,
        "rouge2": 2,
        "rouge_l": 2,
        "token_f1": 2,
    }


def test_rows_can_be_read_page_by_page_without_texts_unless_these_are_kept(bench: Bench) -> None:
    shown = bench.evaluate(lines(ROWS))

    page = bench.lab.get(f"evaluations/{shown['uuid']}/rows/?limit=2")

    assert [row["id"] for row in page["results"]] == ["c", "b"]
    assert page["results"][0]["scores"] == {"cost": 0.25, "groundedness": 0.5}
    assert page["results"][0]["texts"] is None
    assert page["next"] is not None


def test_kept_texts_can_be_erased_and_scores_stay(bench: Bench) -> None:
    shown = bench.evaluate(lines(ROWS), keep_text=True)
    address = f"evaluations/{shown['uuid']}/"
    assert bench.lab.get(f"{address}rows/")["results"][2]["texts"] == {
        "output": "Paris",
        "reference": "paris",
    }

    answer = bench.lab.client.delete(f"/api/registry/{address}texts/")

    assert answer.status_code == 204
    assert not RowText.objects.exists()
    assert EvaluationRow.objects.count() == 3
    assert JournalEntry.objects.filter(action="registry.evaluation.texts_erased").count() == 1


def test_csv_gives_what_json_lines_give(bench: Bench) -> None:
    text = (
        "id,output,reference,latency_ms,groundedness\r\n"
        'a,"Pa""ris, ""the""\r\ncity",x,100,0.5\r\n'
        "b,Rome,rome,,\r\n"
    )

    shown = bench.evaluate(text, rows_format="csv")

    assert shown["status"] == "succeeded", shown["problems"]
    assert metrics_of(bench, shown)["exact_match", "muniment"] == 0.5


def test_wrong_rows_are_told_by_line_and_column_and_nothing_is_kept(bench: Bench) -> None:
    wrong = [
        '{"id": "a", "groundedness": "high"}',
        '{"id": "a", "surprise": 1}',
        '{"id": "a", "latency_ms": -1}',
        "{",
        '{"id": "x", "exact_match": 1}',
        '{"id": "y", "output": "\\u0000"}',
        '{"id": "z", "cost": NaN}',
    ]

    shown = bench.evaluate("\n".join(wrong))

    assert shown["status"] == "failed"
    assert [(each["line"], each["column"]) for each in shown["problems"]] == [
        (1, "groundedness"),
        (2, "surprise"),
        (3, "latency_ms"),
        (4, "character 2"),
        (5, "exact_match"),
        (6, "output"),
        (7, ""),
    ]
    assert not EvaluationRow.objects.exists()
    assert not RowsChunk.objects.exists()
    assert not AssetVersion.objects.filter(asset__kind="result").exists()
    entry = JournalEntry.objects.get(action="registry.evaluation.failed")
    assert entry.outcome == "refused"


def test_at_most_fifty_problems_are_told(bench: Bench) -> None:
    assert len(bench.evaluate("[]\n" * 80)["problems"]) == 50


def test_equal_rows_make_one_result(bench: Bench) -> None:
    first, second = bench.evaluate(lines(ROWS)), bench.evaluate(lines(ROWS))

    assert first["result"] == second["result"]
    assert first["uuid"] != second["uuid"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evaluators": []}, "metrics[0].evaluator"),
        ({"evaluators": [JUDGE | {"version": ""}]}, "evaluators[0].version"),
        ({"evaluators": [JUDGE | {"name": "muniment"}]}, "evaluators[0].name"),
        ({"evaluators": [JUDGE, JUDGE]}, "evaluators[1].name"),
        ({"metrics": [{"name": "rouge1", "evaluator": "judge"}]}, "metrics[0].column"),
        ({"metrics": [{"name": "a b", "evaluator": "judge"}]}, "metrics[0].name"),
        ({"dataset": "nowhere"}, "dataset"),
        ({"rows_format": "xml"}, "rows_format"),
    ],
)
def test_a_wrong_description_is_told(bench: Bench, changes: dict[str, Any], field: str) -> None:
    problem = bench.describe(expect=400, **changes)

    assert field in str(problem["errors"])
    assert not Evaluation.objects.exists()


def test_two_judges_of_one_metric_have_a_column_each(bench: Bench) -> None:
    other = {"name": "panel", "type": "human", "version": "1"}
    metrics = [
        {"name": "groundedness", "evaluator": "judge"},
        {"name": "groundedness", "evaluator": "panel", "column": "by_people"},
    ]

    shown = bench.evaluate(
        lines([{"id": 1, "metrics": {"groundedness": 0.5, "by_people": 1}}]),
        evaluators=[JUDGE, other],
        metrics=metrics,
    )

    found = metrics_of(bench, shown)
    assert found == {("groundedness", "judge"): 0.5, ("groundedness", "panel"): 1.0}


def test_a_dataset_of_a_foreign_workspace_is_named_as_if_there_were_none(bench: Bench) -> None:
    hidden = make_dataset(make_workspace())

    problem = bench.describe(expect=400, dataset=reference(hidden))

    assert problem["errors"][0]["field"] == "dataset"


def test_a_right_that_ended_meanwhile_ends_the_evaluation(bench: Bench) -> None:
    made = bench.describe(rows=lines(ROWS))
    user = bench.lab.author.user
    assert user is not None
    user.is_active = False
    user.save()

    tasks.claim_and_run()

    assert Evaluation.objects.get(uuid=made["uuid"]).status == "failed"
    assert not AssetVersion.objects.filter(asset__kind="result").exists()
    reader = token_client(member(bench.lab.workspace, "reader"))
    rows = reader.get(f"/api/registry/evaluations/{made['uuid']}/rows/").json()
    assert rows["results"] == []


class Stopped(Exception):
    """Stands for a worker that is killed."""


def test_an_attempt_after_a_crash_stores_on_from_the_last_batch(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    rows = [{"id": n, "cost": n} for n in range(7)]
    made = bench.describe(rows=lines(rows))
    insert, calls = work._insert, [0]

    def stop_in_third_batch(*args: Any) -> None:
        calls[0] += 1
        if calls[0] == 3:
            raise Stopped
        insert(*args)

    monkeypatch.setattr(work, "_insert", stop_in_third_batch)
    first = tasks.claim()
    assert first is not None
    with pytest.raises(Stopped):
        work.work(made["uuid"], run=first)
    assert EvaluationRow.objects.count() == 4
    assert bench.lab.get(f"evaluations/{made['uuid']}/rows/")["results"] == []

    work.work(made["uuid"], run=first)

    shown = bench.lab.get(f"evaluations/{made['uuid']}/")
    assert shown["status"] == "succeeded"
    assert metrics_of(bench, shown)["cost_total", "muniment"] == 21
    assert EvaluationRow.objects.count() == 7


def test_rows_behind_a_result_never_change(bench: Bench) -> None:
    bench.evaluate(lines(ROWS))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EvaluationRow.objects.update(scores={})
