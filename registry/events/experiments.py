"""What happens to experiments and their runs."""

from __future__ import annotations

from dataclasses import dataclass

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
    """A run of an experiment began."""

    action = "registry.run.started"

    experiment: str
    run: str


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
    """A run ended, or goes on after all: ``before`` and ``after`` hold its status."""

    action = "registry.run.finished"

    run: str
