"""Imports: the tasks that do them, shown to who asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import Task
from registry import access
from registry.models import Workspace

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor

TASK = "registry.import_assets"


def visible_imports(actor: Actor) -> QuerySet[Task]:
    """Return the imports that the actor asked for, into workspaces in their reach; administrators
    of the organisation see everybody's: a report may tell of several workspaces."""
    places = Workspace.objects.filter(access.in_reach(actor, path=""))
    found = Task.objects.filter(name=TASK, workspace__in=places.values("uuid"))
    if not access.administers_organisation(actor):
        found = found.filter(requested_by=actor.user)
    return found.select_related("requested_by")
