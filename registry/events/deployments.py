"""What happens to deployments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class DeploymentEvent(Event):
    """Base of what happens to a deployment; ``subject`` is its reference."""

    deployment: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class DeploymentRevised(DeploymentEvent):
    """A deployment has a new desired state; number 1 came with the deployment itself.

    ``equals`` is the number of the revision that a rollback brought back.
    """

    action = "registry.deployment.revised"

    endpoint: str
    application: dict[str, Any] | None
    members: list[dict[str, Any]]
    configuration_digest: str
    equals: int | None


@dataclass(frozen=True, kw_only=True)
class DeploymentStopped(DeploymentEvent):
    """A deployment shall not serve any more."""

    action = "registry.deployment.stopped"


@dataclass(frozen=True, kw_only=True)
class DeploymentStarted(DeploymentEvent):
    """A deployment that was stopped shall serve again."""

    action = "registry.deployment.started"


@dataclass(frozen=True, kw_only=True)
class DeploymentStateReported(DeploymentEvent):
    """A deployer told what a revision does; before and after hold the states."""

    action = "registry.deployment_state.reported"

    superseded: list[int]


@dataclass(frozen=True, kw_only=True)
class DeploymentDenied(DeploymentEvent):
    """Somebody asked whether a deployment may serve, and the gates say no.

    ``is_proposal`` tells that the question was about a change that nobody made.
    """

    action = "registry.deployment.denied"
    outcome = "refused"

    asked_digest: str
    is_proposal: bool
    binding: str
    verdicts: list[dict[str, Any]]
