"""Check who gave which scores: a score that we did not compute names its evaluator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.measures.aggregates import COMPUTED, EVALUATOR
from registry.measures.rows import OWN, Bounds
from registry.queries.metrics import definitions_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.models import Workspace

COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}\Z")
MAX_COLUMNS = 50
MAX_EVALUATORS = 20
RESERVED = frozenset(OWN) | COMPUTED
EVALUATOR_TYPES = ("model", "human", "code")


def check_columns(
    workspace: Workspace,
    evaluators: Sequence[Mapping[str, Any]],
    metrics: Sequence[Mapping[str, str]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return evaluators and metric columns as they are kept, the latter with their bounds.

    Raises InvalidInput for an evaluator without version, a metric without evaluator, and
    columns that are ours or stand twice.
    """
    told = _evaluators(evaluators)
    if len(metrics) > MAX_COLUMNS:
        raise InvalidInput.of("metrics", f"has more than {MAX_COLUMNS} items")
    definitions = definitions_in(workspace, {metric["name"] for metric in metrics})
    columns: dict[str, dict[str, Any]] = {}
    pairs: set[tuple[str, str]] = set()
    for index, metric in enumerate(metrics):
        field, name = f"metrics[{index}]", metric["name"]
        evaluator, column = metric.get("evaluator") or "", metric.get("column") or name
        if evaluator not in told:
            raise InvalidInput.of(f"{field}.evaluator", "must be the name of an evaluator above")
        for key, text in (("name", name), ("column", column)):
            if not COLUMN.match(text):
                reason = "must start with a letter and hold letters, digits, dots, - and _"
                raise InvalidInput.of(f"{field}.{key}", reason)
        if column in RESERVED:
            raise InvalidInput.of(f"{field}.column", f"{column!r} is a column that we compute")
        if column in columns or (name, evaluator) in pairs:
            raise InvalidInput.of(field, "stands twice")
        pairs.add((name, evaluator))
        bounds = definitions.get(name)
        columns[column] = {
            "column": column,
            "name": name,
            "evaluator": evaluator,
            "minimum": bounds.minimum if bounds else None,
            "maximum": bounds.maximum if bounds else None,
        }
    return list(told.values()), list(columns.values())


def _evaluators(evaluators: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    if len(evaluators) > MAX_EVALUATORS:
        raise InvalidInput.of("evaluators", f"has more than {MAX_EVALUATORS} items")
    told: dict[str, dict[str, Any]] = {}
    for index, evaluator in enumerate(evaluators):
        field, name = f"evaluators[{index}]", evaluator.get("name") or ""
        if not 1 <= len(name) <= 200:
            raise InvalidInput.of(f"{field}.name", "must have 1 to 200 characters")
        if name == EVALUATOR:
            raise InvalidInput.of(f"{field}.name", "is reserved for what we compute")
        if name in told:
            raise InvalidInput.of(f"{field}.name", "stands twice")
        if evaluator.get("type") not in EVALUATOR_TYPES:
            reason = f"must be one of {', '.join(EVALUATOR_TYPES)}"
            raise InvalidInput.of(f"{field}.type", reason)
        if not 1 <= len(evaluator.get("version") or "") <= 200:
            reason = "is required: another version of an evaluator is another instrument"
            raise InvalidInput.of(f"{field}.version", reason)
        told[name] = {key: evaluator[key] for key in ("name", "type", "version")}
    return told


def bounds_of(metrics: Sequence[Mapping[str, Any]]) -> dict[str, Bounds]:
    """Return the range of each column of an evaluation."""
    return {each["column"]: Bounds(each["minimum"], each["maximum"]) for each in metrics}
