"""The contract between the question "may this serve now?" and the gates that answer it.

It is asked of the state as it is, any number of times; nothing that was allowed once is trusted.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.canonical import canonical_digest
from registry.gates.base import GATE_FAILED, Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.actors import Actor
    from registry.models import AssetVersion, Deployment, DeploymentRevision

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServingProposal:
    """What is to serve: ``members`` of ``revision``, or those of a change that nobody made yet;
    deployment and revision too may be unmade, and have no primary key.

    ``asked_digest`` is the content that the question is about, empty for all of it; ``document``
    is the deployment as policies judge it.
    """

    deployment: Deployment
    revision: DeploymentRevision
    members: tuple[tuple[AssetVersion, int], ...]
    document: dict[str, Any]
    is_stopped: bool
    is_proposal: bool
    asked_digest: str
    asked_by: Actor
    asked_at: datetime

    @property
    def versions(self) -> list[AssetVersion]:
        """Return the members that the question is about."""
        return [version for version, _ in self.members if self.asked_digest in {"", version.digest}]


class DeploymentGate(Protocol):
    """Answers pass or not; whatever is not a pass denies, for here nobody approves."""

    name: str

    def review(self, proposal: ServingProposal) -> Verdict:
        """Answer outside of any transaction; may take its time within the policy timeout."""
        ...


@functools.cache
def installed() -> tuple[DeploymentGate, ...]:
    """Return one instance of each class in settings.DEPLOYMENT_GATES."""
    return tuple(import_string(path)() for path in settings.DEPLOYMENT_GATES)


def review(proposal: ServingProposal) -> tuple[Verdict, ...]:
    """Ask every gate. A gate that raises refuses: the gates fail closed."""
    return tuple(_ask(gate, proposal) for gate in installed())


def _ask(gate: DeploymentGate, proposal: ServingProposal) -> Verdict:
    try:
        return gate.review(proposal)
    except Exception as error:  # fail closed, whatever went wrong
        logger.exception("deployment gate %s failed", gate.name)
        message = f"The gate {gate.name} could not decide ({type(error).__name__})."
        return Verdict(gate.name, Outcome.REFUSE, (Reason(GATE_FAILED, message),))


def binding_of(proposal: ServingProposal, verdicts: Sequence[Verdict]) -> str:
    """Return the digest of what the answer is about, and of everything that would change it."""
    return canonical_digest(
        {
            "deployment": proposal.deployment.reference,
            "document": proposal.document,
            "asked": proposal.asked_digest,
            "is_stopped": proposal.is_stopped,
            "gates": {verdict.gate: verdict.binding for verdict in verdicts},
        }
    )
