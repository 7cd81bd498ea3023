"""The routes of registered models, which are our models and prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.mlflow import prompts
from registry.mlflow.lookups import (
    model_uuid,
    no_model,
    shown_model,
    tolerating_absence,
    worded,
)
from registry.services import assets, deletion, descriptions, naming, tags

if TYPE_CHECKING:
    from registry.mlflow.doors import WorkspaceCall


def create(call: WorkspaceCall) -> dict[str, Any]:
    """Create a model, or a prompt where the tags say so."""
    name = call.arguments.text("name", is_required=True)
    given = call.arguments.tags()
    is_prompt = prompts.is_prompt(given)
    given.pop(prompts.IS_PROMPT, None)
    with worded(taken=f"Registered Model (name={name[:250]}) already exists."):
        assets.create(
            actor=call.actor,
            workspace=call.place.slug,
            kind="prompt" if is_prompt else "model",
            name=name,
            description=call.arguments.text("description"),
            tags=given,
            reason=call.reason,
        )
    return shown_model(call, name)


def get(call: WorkspaceCall) -> dict[str, Any]:
    """Show a model or prompt."""
    return shown_model(call, call.arguments.text("name", is_required=True))


def rename(call: WorkspaceCall) -> dict[str, Any]:
    """Give a model or prompt another name; the former stays its own."""
    name = call.arguments.text("name", is_required=True)
    new_name = call.arguments.text("new_name", is_required=True)
    uuid, _ = model_uuid(call, name)
    with worded(
        absent=no_model(name), taken=f"Registered Model (name={new_name[:250]}) already exists."
    ):
        naming.rename(actor=call.actor, asset=uuid, name=new_name, reason=call.reason)
    return shown_model(call, new_name)


def update(call: WorkspaceCall) -> dict[str, Any]:
    """Give a model or prompt another description."""
    name = call.arguments.text("name", is_required=True)
    description = call.arguments.text("description")
    uuid, _ = model_uuid(call, name)
    with worded(absent=no_model(name)):
        descriptions.describe_asset(
            actor=call.actor, asset=uuid, description=description, reason=call.reason
        )
    return shown_model(call, name)


def delete(call: WorkspaceCall) -> dict[str, Any]:
    """Delete a model or prompt with its versions, by the workspace's delete rule."""
    name = call.arguments.text("name", is_required=True)
    uuid, _ = model_uuid(call, name)
    with worded(absent=no_model(name)):
        deletion.delete_asset(actor=call.actor, asset=uuid, reason=call.reason_in_any_case)
    return {}


def set_tag(call: WorkspaceCall) -> dict[str, Any]:
    """Give a tag of a model or prompt a value."""
    name = call.arguments.text("name", is_required=True)
    key, value = call.arguments.tag_key(), call.arguments.text("value")
    uuid, kind = model_uuid(call, name)
    if key == prompts.IS_PROMPT:
        prompts.require_same_kind(kind, value)
        return {}
    with worded(absent=no_model(name)):
        tags.set_asset_tag(actor=call.actor, asset=uuid, key=key, value=value, reason=call.reason)
    return {}


def delete_tag(call: WorkspaceCall) -> dict[str, Any]:
    """Remove a tag of a model or prompt; one that is not there is no failure."""
    name = call.arguments.text("name", is_required=True)
    key = call.arguments.tag_key()
    uuid, kind = model_uuid(call, name)
    if key == prompts.IS_PROMPT:
        prompts.require_same_kind(kind, "")
        return {}
    with tolerating_absence():
        tags.remove_asset_tag(actor=call.actor, asset=uuid, key=key, reason=call.reason)
    return {}
