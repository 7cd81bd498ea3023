"""What exists in workspaces that let themselves be discovered, for those who may not read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import access
from registry.models import AccessRequest, CatalogueEntry, Workspace
from registry.models.life import ACTIVE
from registry.permissions import Permission
from registry.queries.catalogue.search import with_words

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet

    from core.actors import Actor


def discoverable_workspaces(actor: Actor) -> QuerySet[Workspace]:
    """Return the workspaces that ``actor`` may know of without reading them.

    None for a credential narrowed to workspaces, or one that may read nothing at all.
    """
    may_read = actor.scopes is None or Permission.VIEW.value in actor.scopes
    if actor.workspaces is not None or not may_read:
        return Workspace.objects.none()
    return Workspace.objects.filter(_unread(actor), is_discoverable=True)


def _unread(actor: Actor) -> Q:
    return ~access.in_reach(actor, path="")


def discoverable_entries(
    actor: Actor, *, query: str = "", kind: str = ""
) -> QuerySet[CatalogueEntry]:
    """Return the entries to be shown as stubs: found by name and summary alone."""
    entries = CatalogueEntry.objects.filter(
        workspace__in=discoverable_workspaces(actor),
        asset__deleted_at__isnull=True,
        lifecycle=ACTIVE,
    ).select_related("workspace", "asset")
    if kind:
        entries = entries.filter(kind=kind)
    if query.strip():
        entries = with_words(entries, query.replace("\x00", " "), brief=True)
    return entries.order_by("-asset")


def visible_requests(actor: Actor) -> QuerySet[AccessRequest]:
    """Return the requests that ``actor`` made, and those that it may decide."""
    decidable = access.in_reach(actor, permission=Permission.MANAGE_MEMBERS)
    mine = AccessRequest.objects.filter(pk__in=[])
    if actor.user is not None and not actor.is_narrowed:
        mine = AccessRequest.objects.filter(requested_by=actor.user)
    found = mine | AccessRequest.objects.filter(decidable)
    return found.select_related("workspace", "asset", "requested_by", "decided_by")
