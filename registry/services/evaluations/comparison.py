"""Compare results of one dataset with a baseline, row by row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.errors import Conflict, InvalidInput
from registry.measures import comparison
from registry.measures.aggregates import EVALUATOR
from registry.models import EvaluationRow
from registry.queries.evaluations import evaluation_of
from registry.queries.metrics import definitions_in
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.actors import Actor
    from registry.models import Evaluation, MetricDefinition

MAX_VARIANTS = 8
Column = tuple[str, str, str]  # metric, evaluator, the evaluator's version


@dataclass(frozen=True)
class _Scores:
    """The rows behind one result: scores by row id, and which column holds which metric."""

    reference: str
    evaluation: Evaluation
    rows: dict[str, dict[str, float]]
    columns: dict[Column, str]


def compare(
    *,
    actor: Actor,
    baseline: str,
    variants: Sequence[str],
    metrics: Sequence[str] = (),
    test: str = "auto",
    confidence: float = 0.95,
) -> dict[str, Any]:
    """Return what each variant's rows say against the baseline's, paired by row id.

    Every p-value is adjusted by Holm's method for all that this call asks. A verdict is better,
    worse or no_evidence by the metric's direction, or changed where none is defined. Raises
    InvalidInput for results without rows here, and Conflict for other datasets, rows that do not
    pair, another version of an evaluator, or too few rows. Needs view.
    """
    if not 1 <= len(set(variants)) == len(variants) <= MAX_VARIANTS:
        raise InvalidInput.of("variants", f"must be 1 to {MAX_VARIANTS} different results")
    if test not in comparison.TESTS:
        raise InvalidInput.of("test", f"must be one of {', '.join(comparison.TESTS)}")
    base = _scores(actor, baseline, field="baseline")
    definitions = definitions_in(base.evaluation.workspace)
    found = [
        difference
        for index, reference in enumerate(variants)
        for difference in _differences(
            base,
            _scores(actor, reference, field=f"variants[{index}]"),
            metrics=metrics,
            options={"test": test, "confidence": confidence},
        )
    ]
    adjusted = comparison.holm([difference["p_value"] for difference in found])
    for difference, p_value in zip(found, adjusted, strict=True):
        _judge(difference, p_value, definitions, alpha=1 - confidence)
    return {
        "baseline": base.reference,
        "dataset_digest": base.evaluation.dataset.digest,
        "confidence": confidence,
        "correction": f"Holm over {len(found)} tests",
        "differences": found,
    }


def _scores(actor: Actor, reference: str, *, field: str) -> _Scores:
    result = resolve(actor, reference, field=field)
    evaluation = evaluation_of(actor, result) if result.asset.kind == "result" else None
    if evaluation is None:
        raise InvalidInput.of(field, "has no rows here that you may see")
    rows = EvaluationRow.objects.filter(evaluation=evaluation).values_list("key", "scores")
    versions = {each["name"]: each["version"] for each in result.spec.body["evaluators"]}
    scores = dict(rows.iterator(chunk_size=5_000))
    ours = {name for row in scores.values() for name in row}
    columns: dict[Column, str] = {}
    for each in evaluation.metrics:
        if each["column"] in ours:
            ours.remove(each["column"])
            columns[each["name"], each["evaluator"], versions[each["evaluator"]]] = each["column"]
    columns |= {(name, EVALUATOR, versions[EVALUATOR]): name for name in sorted(ours)}
    return _Scores(str(reference_of(result)), evaluation, scores, columns)


def _differences(
    base: _Scores, variant: _Scores, *, metrics: Sequence[str], options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    _require_pairs(base, variant)
    shared = [column for column in base.columns if column in variant.columns]
    for name in metrics:
        if not any(metric == name for metric, _, _ in shared):
            raise Conflict(_why_not(name, base, variant), extra={"metric": name})
    return [
        {
            "variant": variant.reference,
            "metric": column[0],
            "evaluator": column[1],
            **_compared(base, variant, column, options),
        }
        for column in shared
        if not metrics or column[0] in metrics
    ]


def _require_pairs(base: _Scores, variant: _Scores) -> None:
    if base.evaluation.dataset.digest != variant.evaluation.dataset.digest:
        raise Conflict(f"{variant.reference} was evaluated on other data than {base.reference}.")
    unpaired = sorted(base.rows.keys() ^ variant.rows.keys())
    if unpaired:
        raise Conflict(
            f"The rows of {variant.reference} and {base.reference} do not pair: "
            f"{len(unpaired)} ids stand in one alone.",
            extra={"unpaired": unpaired[:10], "unpaired_count": len(unpaired)},
        )


def _why_not(metric: str, base: _Scores, variant: _Scores) -> str:
    for side in (base, variant):
        if not any(name == metric for name, _, _ in side.columns):
            return f"{side.reference} has no rows with the metric {metric!r}."
    return f"{metric!r} was given by other evaluators, or other versions of them, in the two."


def _compared(
    base: _Scores, variant: _Scores, column: Column, options: Mapping[str, Any]
) -> dict[str, Any]:
    ours, theirs = base.columns[column], variant.columns[column]
    pairs = [
        (row[ours], other[theirs])
        for key, row in base.rows.items()
        if ours in row and theirs in (other := variant.rows[key])
    ]
    missing = sum((ours in row) != (theirs in variant.rows[key]) for key, row in base.rows.items())
    if missing:
        raise Conflict(
            f"{missing} rows have {column[0]!r} in one of {base.reference} and "
            f"{variant.reference} alone.",
            extra={"metric": column[0]},
        )
    try:
        found = comparison.compare([a for a, _ in pairs], [b for _, b in pairs], **options)
    except ValueError as error:
        raise Conflict(f"{column[0]}: {error}.", extra={"metric": column[0]}) from error
    return asdict(found)


def _judge(
    difference: dict[str, Any],
    p_value: float,
    definitions: Mapping[str, MetricDefinition],
    *,
    alpha: float,
) -> None:
    definition = definitions.get(difference["metric"])
    direction = definition.direction if definition else None
    verdict = "no_evidence"
    if p_value < alpha:
        is_higher = difference["difference"] > 0
        verdict = {
            "higher": "better" if is_higher else "worse",
            "lower": "worse" if is_higher else "better",
        }.get(str(direction), "changed")
    difference |= {"direction": direction, "p_adjusted": p_value, "verdict": verdict}
