"""What happens to experiments and their runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ExperimentCreated(Event):
    """An experiment came into being, with its hypothesis."""

    action = "registry.experiment.created"

    experiment: str
    name: str
    hypothesis: str


@dataclass(frozen=True, kw_only=True)
class ExperimentConcluded(Event):
    """A hypothesis stands otherwise: ``before`` and ``after`` hold the verdict's status."""

    action = "registry.experiment.concluded"

    experiment: str
    text: str
    results: list[str]


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """A run of an experiment began; ``name`` is the run's."""

    action = "registry.run.started"

    experiment: str
    run: str
    experiment_name: str = ""
    name: str = ""
    started_at: str = ""


@dataclass(frozen=True, kw_only=True)
class RunBatchLogged(Event):
    """A run reported a batch: how many of each, and a ``digest`` over all of them."""

    action = "registry.run.batch_logged"

    run: str
    metrics: int
    params: int
    tags: int
    inputs: int
    outputs: int


@dataclass(frozen=True, kw_only=True)
class RunFinished(Event):
    """A run ended, or goes on after all: ``before`` and ``after`` hold its status.

    At an end, ``params``, last ``metrics``, ``inputs`` and ``outputs`` are what the run had until
    then, at most a hundred of each; ``is_truncated`` tells that it had more.
    """

    action = "registry.run.finished"

    run: str
    experiment: str = ""
    experiment_name: str = ""
    name: str = ""
    ended_at: str = ""
    params: list[dict[str, Any]] = field(default_factory=list)
    metrics: list[dict[str, str]] = field(default_factory=list)
    inputs: list[dict[str, str]] = field(default_factory=list)
    outputs: list[dict[str, str]] = field(default_factory=list)
    is_truncated: bool = False


@dataclass(frozen=True, kw_only=True)
class ExperimentRenamed(Event):
    """An experiment has another name; ``before`` and ``after`` hold it."""

    action = "registry.experiment.renamed"

    experiment: str


@dataclass(frozen=True, kw_only=True)
class ExperimentTagSet(Event):
    """A tag of an experiment has another value; a long one stands as digest and size."""

    action = "registry.experiment_tag.set"

    experiment: str
    key: str


@dataclass(frozen=True, kw_only=True)
class ExperimentTagRemoved(Event):
    """A tag of an experiment is gone."""

    action = "registry.experiment_tag.removed"

    experiment: str
    key: str


@dataclass(frozen=True, kw_only=True)
class ExperimentDeleted(Event):
    """An experiment was deleted: hidden with its runs, kept whole, and it can be restored."""

    action = "registry.experiment.deleted"

    experiment: str


@dataclass(frozen=True, kw_only=True)
class ExperimentRestored(Event):
    """A deleted experiment is back."""

    action = "registry.experiment.restored"

    experiment: str


@dataclass(frozen=True, kw_only=True)
class RunRenamed(Event):
    """A run has another name; ``before`` and ``after`` hold it."""

    action = "registry.run.renamed"

    run: str


@dataclass(frozen=True, kw_only=True)
class RunTagSet(Event):
    """A tag of a run was set outside a batch; a long value stands as digest and size."""

    action = "registry.run_tag.set"

    run: str
    key: str


@dataclass(frozen=True, kw_only=True)
class RunTagRemoved(Event):
    """A tag of a run is gone."""

    action = "registry.run_tag.removed"

    run: str
    key: str


@dataclass(frozen=True, kw_only=True)
class RunDeleted(Event):
    """A run was deleted: hidden, kept whole, and it can be restored."""

    action = "registry.run.deleted"

    run: str


@dataclass(frozen=True, kw_only=True)
class RunRestored(Event):
    """A deleted run is back."""

    action = "registry.run.restored"

    run: str
