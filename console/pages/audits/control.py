"""One control: the policies that were mapped to it, and what was stated of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.queries import control_terms
from audits.queries.frameworks import control as known_control
from console.pages.shell import page
from console.pages.trails import trail_in, trail_of_organisation
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import ControlStatement
    from core.actors import Actor

SHOWN = 100


def control(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the control of the address, by its reference, with what people said of it, ended or
    not; raises NotFound for one that there is none of."""
    actor = actor_of(request)
    found = known_control(request.GET.get("control", "")[:400])
    if found is None:
        raise NotFound
    here = {"framework": found.framework, "control": found.name}
    stated = control_terms.visible_statements(actor).filter(**here).order_by("-id")[:SHOWN]
    return page(
        site,
        request,
        "console/audit_control.html",
        title=f"{found.name} {found.title}".strip(),
        control=found,
        mappings=control_terms.mappings().filter(**here).order_by("-id")[:SHOWN],
        statements=[(each, may_end(actor, each), _trail(actor, each)) for each in stated],
        may_map=access.administers_organisation(actor) and not found.is_withdrawn,
        may_administer=access.administers_organisation(actor),
        may_state=may_state(actor) and not found.is_withdrawn,
    )


def _trail(actor: Actor, statement: ControlStatement) -> str:
    if statement.workspace_id is None:
        return trail_of_organisation(actor, evidence=statement.uuid)
    return trail_in(actor, statement.workspace_id, evidence=statement.uuid)


def may_state(actor: Actor) -> bool:
    """Tell whether the user may say how a control is met, somewhere at least."""
    held = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY)
    return access.administers_organisation(actor) or held.exists()


def may_end(actor: Actor, statement: ControlStatement) -> bool:
    """Tell whether the user may let a statement count no more."""
    if statement.valid_to is not None:
        return False
    if statement.workspace_id is None:
        return access.administers_organisation(actor)
    return access.allows(actor, Permission.ASSIGN_POLICY, statement.workspace_id)
