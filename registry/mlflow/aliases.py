"""The routes of aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.mlflow.entities import version_entity
from registry.mlflow.lookups import model_row, no_version, version_row, worded
from registry.queries import flat_rows
from registry.services import aliases

if TYPE_CHECKING:
    from registry.mlflow.doors import WorkspaceCall

LATEST = "latest"


def set_alias(call: WorkspaceCall) -> dict[str, Any]:
    """Point an alias at a version."""
    name, alias = _named(call)
    number = call.arguments.version()
    row = version_row(call, name, number)
    with worded(absent=no_version(name, number)):
        aliases.move(
            actor=call.actor,
            asset=f"{call.place.slug}/{row.kind}/{row.name}",
            alias=alias,
            to=number,
            reason=call.reason,
        )
    return {}


def delete_alias(call: WorkspaceCall) -> dict[str, Any]:
    """Point an alias at nothing; one that points nowhere is no failure."""
    name, alias = _named(call)
    row = model_row(call, name)
    if flat_rows.version_by_alias(call.place.pk, row.name, alias) is None:
        return {}
    aliases.move(
        actor=call.actor,
        asset=f"{call.place.slug}/{row.kind}/{row.name}",
        alias=alias,
        to=None,
        reason=call.reason,
    )
    return {}


def get_by_alias(call: WorkspaceCall) -> dict[str, Any]:
    """Show the version that an alias points at; ``latest`` is the newest version."""
    name, alias = _named(call)
    row = flat_rows.version_by_alias(call.place.pk, name, alias)
    if row is None:
        model = model_row(call, name)
        if alias.lower() == LATEST and model.newest:
            row = flat_rows.versions_by_id([model.newest])[model.newest]
        else:
            row = flat_rows.version_by_alias(call.place.pk, model.name, alias)
    if row is None:
        raise InvalidInput(f"Registered model alias {alias[:250]} not found.")
    return {"model_version": version_entity(row, workspace=call.place.slug)}


def _named(call: WorkspaceCall) -> tuple[str, str]:
    name = call.arguments.text("name", is_required=True)
    return name, call.arguments.text("alias", is_required=True)
