"""Turn uploaded rows into a result version, in the background.

Two passes over the rows: the first only checks, so that wrong rows leave nothing; the second
scores and stores in batches, each with the task's progress in its transaction. An attempt after
a crash stores on from the last batch. Rows count once the result is there: one transaction.
"""

from __future__ import annotations

import io
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.actors import Actor, Via
from core.errors import DomainError
from core.journal import publish
from registry import access
from registry.events import EvaluationFailed, EvaluationSucceeded
from registry.measures.aggregates import EVALUATOR, VERSION, Aggregator, scores_of
from registry.measures.rows import Row, RowProblem, read
from registry.models import Evaluation, EvaluationRow, RowsChunk, RowText
from registry.queries.versions import full_reference, reference_of
from registry.services import versions
from registry.services.evaluations.columns import bounds_of
from registry.services.evaluations.links import links_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from core.tasks import TaskRun

BATCH = 1_000
MAX_PROBLEMS = 50


class _Parts(io.RawIOBase):
    """Reads the parts of an upload one behind the other, one in memory at a time."""

    def __init__(self, evaluation: Evaluation) -> None:
        chunks = RowsChunk.objects.filter(evaluation=evaluation).order_by("number")
        self._numbers = iter(list(chunks.values_list("number", flat=True)))
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` from the current part, or from the next."""
        while not self._rest:
            number = next(self._numbers, None)
            if number is None:
                return 0
            body = self._chunks.values_list("body", flat=True).get(number=number)
            self._rest = memoryview(bytes(body))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def work(evaluation_uuid: UUID | str, *, run: TaskRun) -> None:
    """Make the result of an evaluation whose rows were submitted, or say what is wrong."""
    evaluation = Evaluation.objects.select_related(
        "workspace",
        "created_by",
        *(f"{each}__asset__workspace" for each in ("evaluates", "dataset", "prompt", "model")),
    ).get(uuid=evaluation_uuid)
    if evaluation.status != Evaluation.Status.QUEUED:
        return
    actor = Actor(user=evaluation.created_by, via=Via.TASK)
    count, problems = _check(evaluation, run=run)
    if problems:
        _fail(evaluation, problems, actor=actor, run=run)
        return
    totals = _store(evaluation, count, run=run)
    try:
        _succeed(evaluation, count, totals, actor=actor, run=run)
    except DomainError as error:
        _fail(evaluation, [RowProblem(0, "", error.detail)], actor=actor, run=None)
        raise


def _rows(evaluation: Evaluation) -> Iterator[Row | RowProblem]:
    stream = cast("io.BufferedIOBase", io.BufferedReader(_Parts(evaluation), 1024 * 1024))
    return read(
        cast("Any", stream),
        rows_format=evaluation.rows_format or "",
        metrics=bounds_of(evaluation.metrics),
    )


def _check(evaluation: Evaluation, *, run: TaskRun) -> tuple[int, list[RowProblem]]:
    """Return the number of rows, and the first problems."""
    count, problems = 0, []
    for found in _rows(evaluation):
        if isinstance(found, RowProblem):
            problems.append(found)
            if len(problems) == MAX_PROBLEMS:
                break
            continue
        count += 1
        if count % BATCH == 0:
            run.progress(0, count, f"checking row {count}")
    if not count and not problems:
        problems = [RowProblem(0, "", "there are no rows")]
    return count, problems


def _store(evaluation: Evaluation, count: int, *, run: TaskRun) -> Aggregator:
    """Store the rows that earlier attempts did not; return the totals over all of them."""
    stored = evaluation.rows.aggregate(last=Max("number"))["last"] or 0
    totals, rows = Aggregator(), cast("Iterator[Row]", _rows(evaluation))
    while batch := list(islice(rows, BATCH)):
        scored = [(row, scores_of(row)) for row in batch]
        for _, scores in scored:
            totals.add(scores)
        with transaction.atomic():
            _insert(evaluation, [each for each in scored if each[0].number > stored])
            run.progress(batch[-1].number, count, "scoring rows")
    return totals


def _insert(evaluation: Evaluation, scored: list[tuple[Row, dict[str, float]]]) -> None:
    made = EvaluationRow.objects.bulk_create(
        EvaluationRow(evaluation=evaluation, number=row.number, key=row.key, scores=scores)
        for row, scores in scored
    )
    if evaluation.keep_text:
        RowText.objects.bulk_create(
            RowText(row=stored, body=row.texts)
            for stored, (row, _) in zip(made, scored, strict=True)
            if row.texts
        )


def _succeed(
    evaluation: Evaluation, count: int, totals: Aggregator, *, actor: Actor, run: TaskRun
) -> None:
    with transaction.atomic():
        links, metrics = links_of(evaluation), _metrics(evaluation, totals)
        registered = versions.register(
            actor=actor,
            workspace=evaluation.workspace.slug,
            kind="result",
            name=evaluation.name,
            spec=_spec(evaluation, count, totals),
            links=[{"role": link["role"], "to": link["ref"]} for link in links],
            metrics=metrics,
            measured_here=True,
            work=str(evaluation.uuid),
            if_same="existing",
            reason=f"evaluation {evaluation.uuid}",
        )
        evaluation.result = registered.version
        evaluation.status = Evaluation.Status.SUCCEEDED
        evaluation.row_count = count
        evaluation.finished_at = timezone.now()
        evaluation.save(update_fields=["result", "status", "row_count", "finished_at"])
        RowsChunk.objects.filter(evaluation=evaluation).delete()
        publish(
            EvaluationSucceeded(
                subject=f"evaluation/{evaluation.uuid}",
                workspace=evaluation.workspace.uuid,
                digest=registered.version.digest,
                evaluation=str(evaluation.uuid),
                result=full_reference(registered.version),
                rows=count,
                version=str(registered.version.uuid),
                name=evaluation.name,
                links=links,
                metrics=[{**metric, "value": repr(metric["value"])} for metric in metrics],
            ),
            actor=actor,
            roles=access.roles(actor, evaluation.workspace_id),
        )
        run.succeed({"result": str(reference_of(registered.version))})


def _spec(evaluation: Evaluation, count: int, totals: Aggregator) -> dict[str, Any]:
    """Return the spec: it names all that the numbers depend on, so its digest covers them."""
    used = {
        name: version.digest
        for name in ("evaluates", "dataset", "prompt", "model")
        if (version := getattr(evaluation, name)) is not None
    }
    ours = {"name": EVALUATOR, "type": "code", "version": VERSION}
    return {
        "method": evaluation.method,
        "evaluators": [*evaluation.evaluators, ours],
        "samples": count,
        "evaluation": {
            **used,
            "rows": count,
            "rows_digest": evaluation.rows_digest,
            "coverage": totals.coverage(),
            "metrics": [
                {key: each[key] for key in ("column", "name", "evaluator")}
                for each in evaluation.metrics
            ],
        },
    }


def _metrics(evaluation: Evaluation, totals: Aggregator) -> list[dict[str, Any]]:
    told = {each["column"]: each for each in evaluation.metrics}
    return [
        {
            "name": told[column]["name"] if column in told else column,
            "value": value,
            "evaluator": told[column]["evaluator"] if column in told else EVALUATOR,
        }
        for column, value in totals.metrics().items()
    ]


def _fail(
    evaluation: Evaluation, problems: list[RowProblem], *, actor: Actor, run: TaskRun | None
) -> None:
    told = [asdict(problem) for problem in problems]
    with transaction.atomic():
        evaluation.refresh_from_db(fields=["result"])
        evaluation.status = Evaluation.Status.FAILED
        evaluation.problems = told
        evaluation.finished_at = timezone.now()
        evaluation.save(update_fields=["status", "problems", "finished_at"])
        RowsChunk.objects.filter(evaluation=evaluation).delete()
        publish(
            EvaluationFailed(
                subject=f"evaluation/{evaluation.uuid}",
                workspace=evaluation.workspace.uuid,
                digest=evaluation.rows_digest or "",
                evaluation=str(evaluation.uuid),
                problems=told,
                name=evaluation.name,
                links=links_of(evaluation),
            ),
            actor=actor,
            roles=access.roles(actor, evaluation.workspace_id),
        )
        if run is not None:
            run.succeed({"problems": len(told)})
