"""The routes of workspaces. MLflow knows name and description; what more we need is chosen here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import Conflict, InvalidInput, NotFound
from core.references import SLUG
from registry import access
from registry.mlflow.wire import WireError, existing, missing
from registry.models import Workspace
from registry.services import workspaces

if TYPE_CHECKING:
    from registry.mlflow.doors import Call

# Where work starts: the stage with the fewest rules. REST creates the other stages.
STAGE = Workspace.Stage.DEVELOPMENT
ARTIFACTS = ("default_artifact_root", "trace_archival_config")


def entity(workspace: Workspace) -> dict[str, Any]:
    """Return a workspace as clients know it."""
    return {"name": workspace.slug, "description": workspace.description}


def list_all(call: Call) -> dict[str, Any]:
    """List the workspaces that the caller may see."""
    visible = access.visible_workspaces(call.actor).order_by("slug")
    return {"workspaces": [entity(workspace) for workspace in visible]}


def create(call: Call) -> dict[str, Any]:
    """Create a workspace for development."""
    name = call.arguments.text("name", is_required=True)
    _refuse_artifact_settings(call)
    try:
        made = workspaces.create(
            actor=call.actor,
            slug=name,
            title=name,
            stage=STAGE,
            description=call.arguments.text("description"),
        )
    except Conflict as error:
        raise existing(f"Workspace '{name}' already exists.", cause=error) from error
    call.status = 201
    return {"workspace": entity(made)}


def get(call: Call, workspace_name: str) -> dict[str, Any]:
    """Show a workspace."""
    return {"workspace": entity(_visible(call, workspace_name))}


def update(call: Call, workspace_name: str) -> dict[str, Any]:
    """Give a workspace another description."""
    _refuse_artifact_settings(call)
    description = call.arguments.optional_text("description")
    if description is None:
        raise InvalidInput("Workspace update must have at least one key: description.")
    _visible(call, workspace_name)
    changed = workspaces.change(
        actor=call.actor,
        slug=workspace_name,
        changes={"description": description},
        reason=call.reason,
    )
    return {"workspace": entity(changed)}


def delete(call: Call, workspace_name: str) -> dict[str, Any]:
    """Refuse: what happened in a workspace is evidence, and stays."""
    _visible(call, workspace_name)
    raise WireError(
        "NOT_IMPLEMENTED", 501, "Workspaces are never deleted: what happened in them is evidence."
    )


def _visible(call: Call, name: str) -> Workspace:
    try:
        if not SLUG.match(name):
            raise NotFound
        return access.workspace_by_slug(call.actor, name)
    except NotFound as error:
        raise missing(f"Workspace '{name[:80]}' not found", cause=error) from error


def _refuse_artifact_settings(call: Call) -> None:
    for name in ARTIFACTS:
        if call.arguments.has(name):
            raise InvalidInput.of(name, "is not kept per workspace here")
