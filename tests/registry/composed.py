"""Versions of the kinds that are put together from others, with their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories import make_dataset, make_flow, make_model, make_prompt, make_version
from tests.registry.specs import (
    CONNECTION_SPEC,
    TOOL_SPEC,
    agent_spec,
    application_spec,
    index_spec,
)

if TYPE_CHECKING:
    from registry.models import AssetVersion, Workspace


def make_connection(workspace: Workspace, **options: Any) -> AssetVersion:
    """A connection version."""
    return make_version(workspace, "connection", CONNECTION_SPEC, **options)


def make_tool(
    workspace: Workspace, *, spec: dict[str, Any] = TOOL_SPEC, **options: Any
) -> AssetVersion:
    """A tool version that calls a new connection."""
    connection = make_connection(workspace)
    pinned = {"name": "orders", "kind": "connection", "digest": connection.digest}
    links = [("uses_connection", connection)]
    return make_version(workspace, "tool", spec | {"members": [pinned]}, links=links, **options)


def make_index(workspace: Workspace, **options: Any) -> AssetVersion:
    """An index version over a new dataset, embedded by a new model."""
    dataset, model = make_dataset(workspace), make_model(workspace)
    spec = index_spec(dataset.digest, model.digest)
    links = [("indexes", dataset), ("embeds_with", model)]
    return make_version(workspace, "index", spec, links=links, **options)


def make_agent(
    workspace: Workspace, *, tool: dict[str, Any] = TOOL_SPEC, **options: Any
) -> AssetVersion:
    """An agent version over a new model and a new tool with the spec ``tool``."""
    model, called = make_model(workspace), make_tool(workspace, spec=tool)
    spec = agent_spec(model.digest, called.digest)
    links = [("uses_model", model), ("uses_tool", called)]
    return make_version(workspace, "agent", spec, links=links, **options)


def make_application(workspace: Workspace, **options: Any) -> AssetVersion:
    """An application version over a new flow, which takes in an agent and an index."""
    parts = [make_prompt(workspace), make_agent(workspace), make_index(workspace)]
    flow = make_flow(workspace, parts)
    links = [("uses_flow", flow)]
    return make_version(
        workspace, "application", application_spec(flow.digest), links=links, **options
    )
