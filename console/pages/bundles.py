"""One bundle on its way out or in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.imports import OPEN
from console.pages.shell import page
from core.models import Task
from registry.admin.mixin import actor_of
from registry.models import Workspace
from registry.queries.transfers import VERBS, own_transfer

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

TITLES = {"export": "Export of a bundle", "import": "Import of a bundle", "verify": "Check"}


def bundle(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return an export, an import or a check that the user asked for; while it is at work the page
    looks again by itself. Raises NotFound."""
    task = own_transfer(actor_of(request), uuid)
    verb = VERBS[task.name]
    assert task.workspace is not None  # every transfer names it
    return page(
        site,
        request,
        "console/bundle.html",
        title=TITLES[verb],
        task=task,
        verb=verb,
        place=Workspace.objects.get(uuid=task.workspace),
        is_open=task.state in OPEN,
        is_done=task.state == Task.State.SUCCEEDED,
        result=task.result or {},
        error=task.error.strip().rpartition("\n")[2],
    )
