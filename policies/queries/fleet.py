"""Registered OPAs: who may see them, which one calls, and what they pull."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from core.denials import denial_of
from core.errors import AccessDenied, Denial, NotFound
from policies.models import FleetDecision, Opa, OpaChange, OpaInstance, OpaSource
from registry import access
from registry.permissions import OPA_SCOPE, Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

SOURCES = ("policy_version__policy", "set_version__policy_set")


def visible_opas(actor: Actor, *, permission: Permission = Permission.VIEW) -> QuerySet[Opa]:
    """Return the OPAs of the actor's workspaces, with what they pull now and their instances."""
    sources = OpaSource.objects.as_of(None).select_related(*SOURCES).order_by("id")
    return (
        Opa.objects.filter(access.in_reach(actor, permission=permission))
        .select_related("workspace", "user", "registered_by")
        .prefetch_related(
            Prefetch("sources", queryset=sources, to_attr="pulled"),
            Prefetch("instances", queryset=OpaInstance.objects.order_by("-id")),
        )
    )


def opa_by_uuid(actor: Actor, uuid: UUID, *, permission: Permission = Permission.VIEW) -> Opa:
    """Return an OPA in whose workspace the actor has ``permission``; raises NotFound where it may
    not be seen, AccessDenied where only the permission is missing."""
    opa = visible_opas(actor).filter(uuid=uuid).first()
    if opa is None:
        denial = denial_of(
            Opa, {"uuid": uuid}, permission=Permission.VIEW, workspace_path="workspace"
        )
        raise NotFound(denial=denial)
    access.require(actor, permission, opa.workspace, subject=f"opa/{opa.name}")
    return opa


def own_opa(actor: Actor, *, name: str = "") -> Opa:
    """Return the OPA whose account calls, by a token that is meant for it.

    Raises AccessDenied for everybody else, and where ``name`` is another one's.
    """
    opa = Opa.objects.select_related("workspace", "user").filter(user=actor.user).first()
    is_meant = actor.scopes is not None and OPA_SCOPE in actor.scopes
    if opa is None or not is_meant or (name and name != opa.name):
        subject = f"opa/{name or 'any'}"[:200]
        raise AccessDenied(
            "Only a registered OPA may do this, at its own addresses and by its own token.",
            denial=Denial(OPA_SCOPE, subject, None),
        )
    return opa


def visible_decisions(actor: Actor) -> QuerySet[FleetDecision]:
    """Return the decisions told by OPAs of workspaces whose trail the actor may read."""
    reach = access.in_reach(actor, path="opa__workspace", permission=Permission.VIEW_TRAIL)
    return FleetDecision.objects.filter(reach).select_related("opa__workspace")


def visible_changes(actor: Actor) -> QuerySet[OpaChange]:
    """Return what changed in the status of the OPAs of the actor's workspaces, newest first."""
    reach = access.in_reach(actor, path="instance__opa__workspace")
    return OpaChange.objects.filter(reach).select_related("instance__opa__workspace")


def is_stale(instance: OpaInstance) -> bool:
    """Tell whether an instance has told nothing for longer than it should."""
    told = [moment for moment in (instance.last_status_at, instance.last_logs_at) if moment]
    last = max(told, default=instance.first_seen_at)
    return last < timezone.now() - timedelta(seconds=settings.OPA_STALE_SECONDS)
