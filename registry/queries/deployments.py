"""Deployments, their revisions and states, as far as the caller may see; now or as of a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from core.errors import InvalidInput, NotFound
from core.facts import valid_at
from registry import access
from registry.models import (
    Deployment,
    DeploymentMember,
    DeploymentRevision,
    DeploymentState,
)
from registry.permissions import Permission
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

ACTUAL = DeploymentState.Aspect.ACTUAL
DESIRED = DeploymentState.Aspect.DESIRED


def visible_deployments(actor: Actor) -> QuerySet[Deployment]:
    """Return the deployments in workspaces that ``actor`` may see, each with its newest revision
    (``newest``) and the states that hold (``standing``): a constant number of queries."""
    newest = described(DeploymentRevision.objects.all()).filter(number=F("deployment__last_number"))
    standing = DeploymentState.objects.filter(valid_to__isnull=True).select_related("revision")
    return (
        Deployment.objects.filter(access.in_reach(actor))
        .select_related("workspace", "created_by")
        .prefetch_related(
            Prefetch("revisions", newest, to_attr="newest"),
            Prefetch("states", standing.order_by("revision__number"), to_attr="standing"),
        )
    )


def described(revisions: QuerySet[DeploymentRevision]) -> QuerySet[DeploymentRevision]:
    """Return ``revisions`` with everything that telling them needs."""
    members = DeploymentMember.objects.select_related("version__asset__workspace").order_by("id")
    return revisions.select_related(
        "deployment__workspace", "application__asset__workspace", "equals", "set_by"
    ).prefetch_related(Prefetch("members", members))


def deployment_by_uuid(
    actor: Actor, uuid: UUID, *, permission: Permission = Permission.VIEW
) -> Deployment:
    """Return that deployment, in whose workspace ``actor`` has ``permission``.

    Raises NotFound for a missing or foreign one, AccessDenied for a lacking right.
    """
    found = Deployment.objects.select_related("workspace").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, permission, found.workspace, subject=found.reference)
    return found


def newest_revision(deployment: Deployment) -> DeploymentRevision:
    """Return the revision that is desired now."""
    return described(deployment.revisions.all()).order_by("-number")[0]


def serving_number(deployment: Deployment) -> int:
    """Return the number of the revision that serves, or else of the newest."""
    serving = deployment.states.filter(
        aspect=ACTUAL, state__in=DeploymentState.SERVING, valid_to__isnull=True
    )
    found = serving.order_by("-revision__number").values_list("revision__number", flat=True)
    return found.first() or deployment.last_number


def revision_by_number(deployment: Deployment, number: int, *, field: str) -> DeploymentRevision:
    """Return that revision; raises InvalidInput of ``field`` where there is none."""
    found = described(deployment.revisions.filter(number=number)).first()
    if found is None:
        raise InvalidInput.of(field, f"{deployment.reference} has no revision {number}")
    return found


def revision_as_told(deployment: str, number: int) -> DeploymentRevision:
    """Return the revision that a journal entry names by the deployment's id and a number."""
    return described(
        DeploymentRevision.objects.filter(deployment__uuid=deployment, number=number)
    ).get()


def is_stopped(deployment: Deployment) -> bool:
    """Tell whether the deployment shall not serve."""
    return deployment.states.filter(
        aspect=DESIRED, state=DeploymentState.State.STOPPED, valid_to__isnull=True
    ).exists()


def states_of(actor: Actor, uuid: UUID) -> QuerySet[DeploymentState]:
    """Return every state that the deployment was in, ended ones included."""
    found = deployment_by_uuid(actor, uuid)
    return found.states.select_related("revision", "set_by")


def revisions_of(actor: Actor, uuid: UUID) -> QuerySet[DeploymentRevision]:
    """Return every revision of the deployment."""
    return described(deployment_by_uuid(actor, uuid).revisions.all())


def serving(actor: Actor, *, at: datetime | None = None) -> QuerySet[DeploymentMember]:
    """Return what serves in workspaces that ``actor`` may see, now or as of ``at``: the members
    of each revision that was reported running or degraded at that time.

    A time's answer does not change: states are facts that end and are never rewritten.
    """
    holds = valid_at(at) if at else Q(valid_to__isnull=True)
    running = DeploymentState.objects.filter(
        holds, revision=OuterRef("revision"), aspect=ACTUAL, state__in=DeploymentState.SERVING
    )
    return (
        DeploymentMember.objects.filter(
            Q(Exists(running)), access.in_reach(actor, path="revision__deployment__workspace")
        )
        .annotate(
            state=running.values("state")[:1],
            since=running.values("valid_from")[:1],
        )
        .select_related(
            "revision__deployment__workspace",
            "revision__application__asset__workspace",
            "version__asset__workspace",
        )
    )


def document_of(
    revision: DeploymentRevision,
    *,
    desired: str,
    members: Iterable[DeploymentMember] | None = None,
) -> dict[str, Any]:
    """Return a deployment as the configured resource that policies judge.

    Its configuration, and under ``deployment`` what serves. ``members`` stand
    in for the revision's own where it is only proposed.
    """
    shares = revision.members.all() if members is None else members
    application = revision.application
    return {
        **revision.configuration,
        "deployment": {
            "name": revision.deployment.name,
            "endpoint": revision.endpoint,
            "revision": revision.number,
            "desired": desired,
            "application": str(reference_of(application)) if application else None,
            "members": [
                {
                    "ref": str(reference_of(share.version)),
                    "kind": share.version.asset.kind,
                    "digest": share.version.digest,
                    "traffic": share.traffic,
                }
                for share in shares
            ],
        },
    }
