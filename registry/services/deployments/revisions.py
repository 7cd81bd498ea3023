"""Say what a deployment shall serve: each change is one more revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from core.references import check_name
from registry import access
from registry.events import DeploymentRevised
from registry.models import (
    Deployment,
    DeploymentMember,
    DeploymentRevision,
    DeploymentState,
)
from registry.permissions import Permission
from registry.queries.deployments import (
    deployment_by_uuid,
    newest_revision,
    revision_by_number,
)
from registry.queries.versions import reference_of
from registry.services.deployments.drafts import (
    Desired,
    RevisionDraft,
    checked,
    desired_of,
)
from registry.services.deployments.servable import require_servable
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import User
    from registry.models import AssetVersion


def create(
    *, actor: Actor, workspace: str, name: str, reason: str = "", **draft: Unpack[RevisionDraft]
) -> DeploymentRevision:
    """Make a deployment with its first revision; return the revision.

    Needs deploy in the workspace and view on the members. Raises InvalidInput, or Conflict for a
    name that is taken or a member that may not serve there.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.DEPLOY, field="workspace"
    )
    check_name(name, field="name")
    check_reason(place, reason)
    user = _person(actor)
    desired = checked(draft, actor=actor)
    with transaction.atomic():
        require_servable(desired.versions, place)
        try:
            with transaction.atomic():
                made = Deployment.objects.create(workspace=place, name=name, created_by=user)
        except IntegrityError:
            raise Conflict(f"{place.slug} has a deployment called {name!r}.") from None
        return _write(made, desired, actor=actor, user=user, reason=reason)


def revise(
    *,
    actor: Actor,
    deployment: UUID,
    expected: int | None = None,
    reason: str = "",
    **draft: Unpack[RevisionDraft],
) -> DeploymentRevision:
    """Give a deployment its next revision; what ``draft`` leaves out stays as it is.

    ``expected`` is the number of the newest revision for the change to happen; another one is a
    Conflict that tells the ``actual`` number. Needs deploy.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.DEPLOY)
    check_reason(found.workspace, reason)
    user = _person(actor)
    with transaction.atomic():
        locked = _locked(found, expected=expected)
        desired = checked(draft, actor=actor, before=newest_revision(locked))
        require_servable(desired.versions, found.workspace)
        return _write(locked, desired, actor=actor, user=user, reason=reason)


def roll_back(
    *, actor: Actor, deployment: UUID, to: int, expected: int | None = None, reason: str = ""
) -> DeploymentRevision:
    """Give a deployment a next revision that equals revision ``to``; whom to ask stays as it is.

    The members must still be allowed to serve. Needs deploy; raises as ``revise`` does.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.DEPLOY)
    check_reason(found.workspace, reason)
    user = _person(actor)
    with transaction.atomic():
        locked = _locked(found, expected=expected)
        if to == locked.last_number:
            raise Conflict(f"Revision {to} is the newest already.")
        equals = revision_by_number(locked, to, field="to")
        old, now = desired_of(equals), desired_of(newest_revision(locked))
        desired = Desired(
            old.members, old.configuration, old.endpoint, old.application, now.owner_contact
        )
        require_servable(desired.versions, found.workspace)
        return _write(locked, desired, actor=actor, user=user, reason=reason, equals=equals)


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise InvalidInput("A deployment needs a person or a service account to ask for it.")
    return actor.user


def _locked(deployment: Deployment, *, expected: int | None) -> Deployment:
    """Lock the deployment, so that its revisions queue."""
    locked = (
        Deployment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("workspace")
        .get(pk=deployment.pk)
    )
    if expected is not None and expected != locked.last_number:
        raise Conflict(
            f"The newest revision is {locked.last_number}, not {expected}.",
            extra={"actual": locked.last_number},
        )
    return locked


def _write(
    deployment: Deployment,
    desired: Desired,
    *,
    actor: Actor,
    user: User,
    reason: str,
    equals: DeploymentRevision | None = None,
) -> DeploymentRevision:
    """Write the next revision, in the current transaction; the counter's update is the lock."""
    Deployment.objects.filter(pk=deployment.pk).update(last_number=F("last_number") + 1)
    deployment.refresh_from_db(fields=["last_number"])
    now = timezone.now()
    revision = DeploymentRevision.objects.create(
        deployment=deployment,
        number=deployment.last_number,
        endpoint=desired.endpoint,
        application=desired.application,
        owner_contact=desired.owner_contact,
        configuration=desired.configuration,
        digest=desired.digest,
        equals=equals,
        reason=reason,
        set_at=now,
        set_by=user,
    )
    DeploymentMember.objects.bulk_create(
        DeploymentMember(revision=revision, version=version, traffic=traffic)
        for version, traffic in desired.members
    )
    _open_states(revision, user=user, reason=reason)
    publish(
        _event(revision, desired),
        actor=actor,
        roles=access.roles(actor, deployment.workspace_id),
    )
    return revision


def _open_states(revision: DeploymentRevision, *, user: User, reason: str) -> None:
    """Desire the new revision; what the others do is told by whoever deploys."""
    desired = DeploymentState.objects.filter(
        deployment=revision.deployment, aspect=DeploymentState.Aspect.DESIRED
    )
    end(desired, at=revision.set_at)
    DeploymentState.objects.bulk_create(
        DeploymentState(
            deployment=revision.deployment,
            revision=revision,
            aspect=aspect,
            state=state,
            reason=reason,
            set_by=user,
            valid_from=revision.set_at,
        )
        for aspect, state in (
            (DeploymentState.Aspect.DESIRED, DeploymentState.State.RUNNING),
            (DeploymentState.Aspect.ACTUAL, DeploymentState.State.REQUESTED),
        )
    )


def _event(revision: DeploymentRevision, desired: Desired) -> DeploymentRevised:
    def point(version: AssetVersion) -> dict[str, object]:
        return {
            "ref": str(reference_of(version)),
            "version": str(version.uuid),
            "digest": version.digest,
        }

    deployment = revision.deployment
    return DeploymentRevised(
        subject=deployment.reference,
        workspace=deployment.workspace.uuid,
        digest=revision.digest,
        reason=revision.reason,
        deployment=str(deployment.uuid),
        revision=revision.number,
        endpoint=desired.endpoint,
        application=point(desired.application) if desired.application else None,
        members=[{**point(version), "traffic": traffic} for version, traffic in desired.members],
        configuration_digest=canonical_digest(desired.configuration),
        equals=revision.equals.number if revision.equals else None,
    )
