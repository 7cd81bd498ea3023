"""Ask whether a deployment may serve, now, or might if it were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from django.db import transaction
from django.utils import timezone

from core.canonical import is_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.references import check_name
from registry import access
from registry.events import DeploymentDenied
from registry.gates import deployments as gates
from registry.gates.base import Outcome, Verdict
from registry.models import Deployment, DeploymentMember, DeploymentRevision, DeploymentState
from registry.permissions import Permission
from registry.queries.deployments import (
    deployment_by_uuid,
    document_of,
    is_stopped,
    newest_revision,
)
from registry.services.deployments.drafts import Desired, RevisionDraft, checked
from registry.services.promotions.proposals import journalled

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from registry.gates.deployments import ServingProposal


@dataclass(frozen=True)
class Permit:
    """The answer: allowed only if every gate passes. ``binding`` changes with whatever would
    change the answer."""

    proposal: ServingProposal
    verdicts: tuple[Verdict, ...]
    binding: str
    checked_at: datetime

    @property
    def is_allowed(self) -> bool:
        """Tell whether every gate passes; where approval would be needed, nobody gave it."""
        return all(verdict.outcome is Outcome.PASS for verdict in self.verdicts)

    @property
    def decision(self) -> str:
        """Return allow or deny."""
        return "allow" if self.is_allowed else "deny"

    def reasons(self) -> list[dict[str, Any]]:
        """Return the reasons of the gates that deny, each with its gate."""
        return [
            {"gate": verdict.gate, **reason.as_json()}
            for verdict in self.verdicts
            if verdict.outcome is not Outcome.PASS
            for reason in verdict.reasons
        ]

    def evidence(self) -> list[str]:
        """Return ids and digests of what the gates looked at."""
        return [each for verdict in self.verdicts for each in verdict.evidence]


def check(
    *,
    actor: Actor,
    deployment: UUID,
    digest: str = "",
    change: RevisionDraft | None = None,
) -> Permit:
    """Return whether the deployment may serve as things stand now: members, lifecycle, policies
    on its configuration, and thresholds that deny.

    ``digest`` narrows the question to the member of that content. With ``change`` the question
    is about a next revision that nobody made. A denial is journalled. Needs view. Policies are
    evaluated: call this outside of any transaction.
    """
    found = deployment_by_uuid(actor, deployment)
    if digest and not is_digest(digest):
        raise InvalidInput.of("digest", "must be sha256: and 64 hexadecimal digits")
    return _answer(_proposal(found, actor=actor, digest=digest, change=change))


def check_first(
    *, actor: Actor, workspace: str, name: str, **draft: Unpack[RevisionDraft]
) -> Permit:
    """Return whether a deployment that does not exist yet might serve in ``workspace``, as
    ``create`` would make it; nothing is made.

    A denial is journalled, with no deployment and revision 1. Needs view in the workspace and on
    the members. Raises InvalidInput, or Conflict for a name that is taken: that deployment is
    asked about a change. Call this outside of any transaction.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.VIEW, field="workspace"
    )
    check_name(name, field="name")
    desired = checked(draft, actor=actor)
    if taken := Deployment.objects.filter(workspace=place, name=name).first():
        raise Conflict(
            f"{place.slug} has a deployment called {name!r}: ask about a change of it.",
            extra={"deployment": str(taken.uuid)},
        )
    unmade = Deployment(workspace=place, name=name)
    first = _unmade(unmade, desired, number=1)
    return _answer(
        gates.ServingProposal(
            deployment=unmade,
            revision=first,
            members=desired.members,
            document=_document(first, desired, state=DeploymentState.State.RUNNING),
            is_stopped=False,
            is_proposal=True,
            asked_digest="",
            asked_by=actor,
            asked_at=first.set_at,
        )
    )


def _answer(proposal: ServingProposal) -> Permit:
    """Ask every gate, and journal a denial."""
    verdicts = gates.review(proposal)
    permit = Permit(
        proposal, verdicts, gates.binding_of(proposal, verdicts), checked_at=proposal.asked_at
    )
    if not permit.is_allowed:
        roles = access.roles(proposal.asked_by, proposal.deployment.workspace_id)
        with transaction.atomic():
            publish(_event(permit), actor=proposal.asked_by, roles=roles)
    return permit


def _proposal(
    deployment: Deployment, *, actor: Actor, digest: str, change: RevisionDraft | None
) -> ServingProposal:
    revision = newest_revision(deployment)
    desired = checked(change or {}, actor=actor, before=revision)
    stopped = is_stopped(deployment)
    state = DeploymentState.State
    return gates.ServingProposal(
        deployment=deployment,
        revision=revision,
        members=desired.members,
        document=_document(
            _unmade(deployment, desired, number=revision.number),
            desired,
            state=state.STOPPED if stopped and not change else state.RUNNING,
        ),
        is_stopped=stopped,
        is_proposal=bool(change),
        asked_digest=digest,
        asked_by=actor,
        asked_at=timezone.now(),
    )


def _unmade(deployment: Deployment, desired: Desired, *, number: int) -> DeploymentRevision:
    """A revision as it would be, which is never saved."""
    return DeploymentRevision(
        deployment=deployment,
        number=number,
        configuration=desired.configuration,
        endpoint=desired.endpoint,
        application=desired.application,
        owner_contact=desired.owner_contact,
        digest=desired.digest,
    )


def _document(
    revision: DeploymentRevision, desired: Desired, *, state: DeploymentState.State
) -> dict[str, Any]:
    shares = [
        DeploymentMember(revision=revision, version=version, traffic=traffic)
        for version, traffic in desired.members
    ]
    return document_of(revision, desired=state.value, members=shares)


def _event(permit: Permit) -> DeploymentDenied:
    proposal = permit.proposal
    return DeploymentDenied(
        subject=proposal.deployment.reference,
        workspace=proposal.deployment.workspace.uuid,
        digest=proposal.revision.digest,
        deployment=str(proposal.deployment.uuid) if proposal.deployment.pk else "",
        revision=proposal.revision.number,
        asked_digest=proposal.asked_digest,
        is_proposal=proposal.is_proposal,
        binding=permit.binding,
        verdicts=journalled([verdict.as_json() for verdict in permit.verdicts]),
    )
