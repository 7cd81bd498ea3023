"""Exports and imports of bundles that somebody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Conflict, Denial, Gone, NotFound, Refused, Unavailable
from core.models import Task
from registry import access
from registry.permissions import Permission
from registry.queries.blobs import store
from registry.queries.closure import closure_of
from registry.queries.versions import resolve
from registry.storage.base import Missing, StoreFailed

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

EXPORT = "registry.export_bundle"
IMPORT = "registry.import_bundle"
VERIFY = "registry.verify_bundle"
VERBS = {EXPORT: "export", IMPORT: "import", VERIFY: "verify"}


def own_transfers(actor: Actor) -> QuerySet[Task]:
    """Return what the caller asked for, in workspaces that it may still see."""
    seen = access.visible_workspaces(actor).values("uuid")
    return Task.objects.filter(name__in=VERBS, requested_by=actor.user, workspace__in=seen)


def own_transfer(actor: Actor, uuid: UUID) -> Task:
    """Return that transfer of the caller; raises NotFound for a missing one or somebody else's."""
    if found := own_transfers(actor).filter(uuid=uuid).first():
        return found
    foreign = Task.objects.filter(uuid=uuid, name__in=VERBS).values_list("workspace", flat=True)
    if (workspace := foreign.first()) is None:
        raise NotFound
    raise NotFound(denial=Denial(Permission.VIEW.value, f"bundle/{uuid}", workspace))


def finished_export(actor: Actor, uuid: UUID) -> tuple[str, int, str]:
    """Return key, size and digest of the archive that an export of the caller made.

    Whoever lost sight of a member since does not get it. Raises NotFound, Conflict while it is
    not there, Refused, Gone once garbage collection took it, or Unavailable.
    """
    found = own_transfer(actor, uuid)
    if found.name != EXPORT or found.state != Task.State.SUCCEEDED:
        raise Conflict(f"There is no archive: the {VERBS[found.name]} is {found.state}.")
    root = resolve(actor, found.payload["version"])
    if closure_of(root, actor=actor).hidden:
        raise Refused("A member lies in a workspace that you may not read any more.")
    result = found.result or {}
    try:
        store().size(result["key"])
    except Missing:
        raise Gone("The archive was let go; export the version again.") from None
    except StoreFailed as error:
        raise Unavailable(f"The store of artifacts cannot do this now: {error}") from error
    return result["key"], result["size"], result["digest"]
