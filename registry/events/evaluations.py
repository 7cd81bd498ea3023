"""What happens to evaluations, metric definitions and requests to evaluate again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class MetricDefined(Event):
    """A metric got a definition, or another revision of it."""

    action = "registry.metric.defined"

    name: str
    revision: int
    evaluator_kind: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class EvaluationRequested(Event):
    """Rows of an evaluation were handed in; ``digest`` is that of the rows.

    ``name`` is that of the result; ``links`` are the versions that it will link to.
    """

    action = "registry.evaluation.requested"

    evaluation: str
    evaluates: str
    dataset: str
    name: str = ""
    links: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class EvaluationSucceeded(Event):
    """An evaluation became a result version; ``digest`` is that of the version."""

    action = "registry.evaluation.succeeded"

    evaluation: str
    result: str
    rows: int
    version: str = ""
    name: str = ""
    links: list[dict[str, str]] = field(default_factory=list)
    metrics: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class EvaluationFailed(Event):
    """The rows of an evaluation were wrong; nothing of them was kept."""

    action = "registry.evaluation.failed"
    outcome = "refused"

    evaluation: str
    problems: list[dict[str, Any]]
    name: str = ""
    links: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class EvaluationTextsErased(Event):
    """The texts behind a result were erased; scores and digests stay."""

    action = "registry.evaluation.texts_erased"

    evaluation: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ReevaluationRuleSet(Event):
    """An asset is to be evaluated again under these conditions, from now on."""

    action = "registry.reevaluation_rule.set"

    rule: str
    dataset: str


@dataclass(frozen=True, kw_only=True)
class ReevaluationRuleEnded(Event):
    """A rule about evaluating again does not hold any more."""

    action = "registry.reevaluation_rule.ended"

    rule: str


@dataclass(frozen=True, kw_only=True)
class ReevaluationRequested(Event):
    """A version is to be evaluated again; ``causes`` say why."""

    action = "registry.reevaluation.requested"

    request: str
    dataset: str
    causes: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ReevaluationClosed(Event):
    """A request to evaluate again was answered by a result, or closed with a reason."""

    action = "registry.reevaluation.closed"

    request: str
    result: str
