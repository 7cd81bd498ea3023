"""What happens to what deployments serve: windows, samples, thresholds and drift."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ServingEvent(Event):
    """Base of what is told about a deployment's serving; ``subject`` is its reference."""

    deployment: str


@dataclass(frozen=True, kw_only=True)
class WindowsReported(ServingEvent):
    """A batch of serving windows came in: how many were new, and a ``digest`` over those.

    ``revision`` is the one that runs, or else the newest; ``costs`` are sums per currency.
    """

    action = "registry.serving.reported"

    source: str
    count: int
    repeated: int
    requests: int
    first_start: str
    last_end: str
    versions: list[str]
    revision: int | None = None
    errors: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    costs: list[dict[str, str]] = field(default_factory=list)
    blocks: int = 0


@dataclass(frozen=True, kw_only=True)
class SamplesCollected(ServingEvent):
    """A batch of production rows came in; ``digest`` covers their ids, never what they hold."""

    action = "registry.samples.collected"

    source: str
    count: int
    repeated: int
    with_personal_data: int
    with_text: int


@dataclass(frozen=True, kw_only=True)
class SamplesPurged(ServingEvent):
    """Production rows whose retention was over are gone: how many, not what they held."""

    action = "registry.samples.purged"

    count: int
    with_personal_data: int
    retained_until: str


@dataclass(frozen=True, kw_only=True)
class ThresholdSet(ServingEvent):
    """A threshold holds from now on; ``before`` is what held under its name."""

    action = "registry.threshold.set"

    threshold: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ThresholdEnded(ServingEvent):
    """A threshold does not hold any more."""

    action = "registry.threshold.ended"

    threshold: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ThresholdChanged(ServingEvent):
    """Base of how a measure stands to its bound; ``rule`` is the threshold as it was set, and
    ``is_ended`` whether the breach is over because that does not hold any more."""

    threshold: str
    breach: str
    name: str
    severity: str
    value: str
    period_start: str
    rule: dict[str, Any]
    is_ended: bool = False


@dataclass(frozen=True, kw_only=True)
class ThresholdBreached(ThresholdChanged):
    """A measure went beyond its bound."""

    action = "registry.threshold.breached"


@dataclass(frozen=True, kw_only=True)
class ThresholdRecovered(ThresholdChanged):
    """A measure is back within its bound, or its threshold ended."""

    action = "registry.threshold.recovered"


@dataclass(frozen=True, kw_only=True)
class BaselinePinned(ServingEvent):
    """Values of a feature were pinned to compare with; ``digest`` is that of the values."""

    action = "registry.drift_baseline.pinned"

    baseline: str
    feature: str
    form: str
    size: int
    dataset: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class DriftCheckSet(ServingEvent):
    """A comparison is repeated from now on; ``before`` is what held under its name."""

    action = "registry.drift_check.set"

    check: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DriftCheckEnded(ServingEvent):
    """A comparison is not repeated any more."""

    action = "registry.drift_check.ended"

    check: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DriftReported(ServingEvent):
    """An evaluator told how far what is served lies from its own baseline."""

    action = "registry.drift.reported"

    check: str
    result: str
    name: str
    evaluator: str
    value: str
    window_end: str


@dataclass(frozen=True, kw_only=True)
class DriftChanged(ServingEvent):
    """Base of how far what is served lies from its baseline; ``is_ended`` tells that it is not
    compared any more."""

    check: str
    result: str
    name: str
    method: str
    value: str
    bound: str
    evaluator: str
    baseline: dict[str, Any] | None
    is_ended: bool = False


@dataclass(frozen=True, kw_only=True)
class DriftDetected(DriftChanged):
    """What is served moved away from its baseline, beyond the bound."""

    action = "registry.drift.detected"


@dataclass(frozen=True, kw_only=True)
class DriftEnded(DriftChanged):
    """What is served is back within the bound."""

    action = "registry.drift.ended"
