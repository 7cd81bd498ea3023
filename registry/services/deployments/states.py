"""Say whether a deployment shall serve, and record what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from core.texts import check_text
from registry import access
from registry.events import DeploymentStarted, DeploymentStateReported, DeploymentStopped
from registry.models import Deployment, DeploymentState
from registry.permissions import Permission
from registry.queries.deployments import (
    ACTUAL,
    DESIRED,
    deployment_by_uuid,
    is_stopped,
    newest_revision,
    revision_by_number,
)
from registry.services.deployments.servable import require_servable
from registry.services.reasons import MAX_REASON, check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import User
    from registry.models import DeploymentRevision

State = DeploymentState.State
LIVE = (State.DEPLOYING, State.RUNNING, State.DEGRADED)


def stop(*, actor: Actor, deployment: UUID, reason: str = "") -> DeploymentState:
    """Let a deployment serve no more, from now on; its revisions stay. Needs deploy."""
    return _desire(actor, deployment, State.STOPPED, reason=reason)


def start(*, actor: Actor, deployment: UUID, reason: str = "") -> DeploymentState:
    """Let a deployment that was stopped serve its newest revision again. Needs deploy.

    Raises Conflict where a member may not serve any more: while it was stopped, nothing kept its
    versions from being withdrawn or deleted.
    """
    return _desire(actor, deployment, State.RUNNING, reason=reason)


def _desire(actor: Actor, uuid: UUID, state: State, *, reason: str) -> DeploymentState:
    found = deployment_by_uuid(actor, uuid, permission=Permission.DEPLOY)
    check_reason(found.workspace, reason)
    user = _reporter(actor)
    with transaction.atomic():
        locked = _locked(found)
        if is_stopped(locked) == (state == State.STOPPED):
            raise Conflict(f"The deployment shall be {state.value} already.")
        revision = newest_revision(locked)
        if state == State.RUNNING:
            members = revision.members.select_related("version__asset__workspace")
            require_servable([member.version for member in members], locked.workspace)
        now = timezone.now()
        end(locked.states.filter(aspect=DESIRED), at=now)
        fact = DeploymentState.objects.create(
            deployment=locked,
            revision=revision,
            aspect=DESIRED,
            state=state,
            reason=reason,
            set_by=user,
            valid_from=now,
        )
        event = DeploymentStopped if state == State.STOPPED else DeploymentStarted
        publish(
            event(
                subject=locked.reference,
                workspace=locked.workspace.uuid,
                digest=revision.digest,
                reason=reason,
                deployment=str(locked.uuid),
                revision=revision.number,
            ),
            actor=actor,
            roles=access.roles(actor, locked.workspace_id),
        )
    return fact


def report(
    *, actor: Actor, deployment: UUID, state: str, revision: int | None = None, reason: str = ""
) -> DeploymentState:
    """Record what a revision does, by default the newest, from now on.

    A revision that runs ends what other revisions did: an endpoint serves one at a time. What
    happens is recorded whether or not it may: that is what ``check`` tells. Needs report_serving.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.REPORT_SERVING)
    check_text(reason, field="reason", limit=MAX_REASON)
    if state not in State.values:
        raise InvalidInput.of("state", f"must be one of {', '.join(State.values)}")
    user = _reporter(actor)
    with transaction.atomic():
        locked = _locked(found)
        about = revision_by_number(locked, revision or locked.last_number, field="revision")
        before = about.states.filter(aspect=ACTUAL, valid_to__isnull=True).first()
        if before is not None and before.state == state:
            return before
        fact = _write(about, State(state), user=user, reason=reason)
        superseded = _supersede(about, user=user) if state == State.RUNNING else []
        publish(
            DeploymentStateReported(
                subject=locked.reference,
                workspace=locked.workspace.uuid,
                digest=about.digest,
                reason=reason,
                before={"state": before.state if before else None},
                after={"state": state},
                deployment=str(locked.uuid),
                revision=about.number,
                superseded=superseded,
            ),
            actor=actor,
            roles=access.roles(actor, locked.workspace_id),
        )
    return fact


def _write(
    revision: DeploymentRevision, state: State, *, user: User, reason: str
) -> DeploymentState:
    now = timezone.now()
    end(revision.states.filter(aspect=ACTUAL), at=now)
    return DeploymentState.objects.create(
        deployment=revision.deployment,
        revision=revision,
        aspect=ACTUAL,
        state=state,
        reason=reason,
        set_by=user,
        valid_from=now,
    )


def _supersede(running: DeploymentRevision, *, user: User) -> list[int]:
    """End what other revisions did; return their numbers."""
    others = (
        running.deployment.states.filter(aspect=ACTUAL, valid_to__isnull=True, state__in=LIVE)
        .exclude(revision=running)
        .select_related("revision__deployment")
        .order_by("revision__number")
    )
    reason = f"revision {running.number} runs"
    return [
        _write(fact.revision, State.STOPPED, user=user, reason=reason).revision.number
        for fact in list(others)
    ]


def _reporter(actor: Actor) -> User:
    if actor.user is None:
        raise InvalidInput("A state needs a person or a service account to tell it.")
    return actor.user


def _locked(deployment: Deployment) -> Deployment:
    return (
        Deployment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("workspace")
        .get(pk=deployment.pk)
    )
