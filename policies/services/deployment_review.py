"""Deployments as configured resources: told to the policies, and judged when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.actors import system
from policies.models import Snapshot
from policies.models.resource import OWN_SOURCE
from policies.queries.deployments import TYPE, deployment_basis_of
from policies.services.evaluation import Assessment, assess
from policies.services.resources import Address, submit_snapshot
from registry.queries.deployments import document_of, revision_as_told

if TYPE_CHECKING:
    from core.journal import SequencedEntry
    from registry.gates.deployments import ServingProposal


@dataclass(frozen=True)
class DeploymentReview:
    """Every assessment, and the digest of everything that would change one."""

    assessments: tuple[Assessment, ...]
    binding: str


def record(entry: SequencedEntry, *, desired: str) -> Snapshot | None:
    """Store the deployment of a journal entry as a configured resource, as the system.

    The snapshot bears the entry's uuid, so that telling twice is telling once: None for an entry
    that was told before. It is declared: the registry knows what shall serve.
    """
    if Snapshot.objects.filter(uuid=entry.uuid).exists():
        return None
    revision = revision_as_told(entry.data["deployment"], entry.data["revision"])
    deployment = revision.deployment
    return submit_snapshot(
        actor=system(),
        workspace=deployment.workspace.slug,
        address=Address(source=OWN_SOURCE, type=TYPE, external_id=deployment.name),
        document=document_of(revision, desired=desired),
        observed_at=entry.occurred_at,
        uuid=entry.uuid,
    )


def review_deployment(proposal: ServingProposal) -> DeploymentReview:
    """Evaluate every policy in force in the workspace that judges configurations of deployments.

    Call it outside of any transaction.
    """
    basis = deployment_basis_of(proposal)
    assessments = assess(
        basis.questions,
        exemptions=basis.exemptions,
        actor=proposal.asked_by,
        now=proposal.asked_at,
    )
    return DeploymentReview(tuple(assessments), basis.binding)
