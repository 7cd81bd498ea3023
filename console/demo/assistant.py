"""The demo's assistant beyond its flow: what it searches, calls, may do and belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from console.demo.content import Register
    from registry.models import AssetVersion

CONNECTION: dict[str, Any] = {
    "type": "openai-compatible",
    "endpoint": "https://models.support.example/v1",
    "authentication": {"method": "api_key", "secrets": {"key": "env:SUPPORT_MODELS_KEY"}},
}
TOOL: dict[str, Any] = {
    "description": "Looks up an order, and opens a ticket for a person.",
    "implementation": {"type": "http", "reference": "https://orders.support.example/openapi"},
    "actions": [
        {
            "name": "find_order",
            "input_schema": {"type": "object", "properties": {"id": {"type": "string"}}},
            "effect": "read",
            "risk": "low",
        },
        {"name": "refund", "input_schema": {}, "effect": "spend", "risk": "high"},
    ],
}


def register_assistant(
    register: Register, *, tickets: AssetVersion, base: AssetVersion, flow: AssetVersion
) -> None:
    """Register a connection, a tool, an index, an agent and the application; safe to repeat."""
    connection = register(
        "connection", "support-models", CONNECTION, description="Where our models are served."
    )
    tool = register(
        "tool",
        "orders",
        TOOL | {"members": [_member("service", "connection", connection)]},
        links=[("uses_connection", connection)],
        description="The shop's orders, as a tool.",
    )
    _index(register, tickets, base)
    _agent(register, base, tool)
    register(
        "application",
        "support-desk",
        {
            "purpose": "Helps the support team to answer faster.",
            "owner": {"contact": "support-platform@example.org"},
            "risk_tier": "limited",
            "members": [_member("bot", "flow", flow)],
            "deployments": [{"name": "support-bot", "workspace": "assist-prod"}],
        },
        links=[("uses_flow", flow)],
        description="What the support team works with.",
    )


def _index(register: Register, tickets: AssetVersion, base: AssetVersion) -> None:
    register(
        "index",
        "support-answers",
        {
            "sources": [{"digest": tickets.digest}],
            "chunking": {"method": "fixed", "unit": "tokens", "size": 400, "overlap": 40},
            "embedding": {"digest": base.digest, "dimensions": 896, "distance": "cosine"},
            "refresh": {"mode": "scheduled", "every_hours": 24},
        },
        links=[("indexes", tickets), ("embeds_with", base)],
        description="Earlier answers, found by meaning.",
    )


def _agent(register: Register, base: AssetVersion, tool: AssetVersion) -> None:
    register(
        "agent",
        "order-helper",
        {
            "purpose": "Answers questions on orders; refunds stay with people.",
            "members": [_member("brain", "model", base), _member("orders", "tool", tool)],
            "autonomy": "asks",
            "grants": [{"tool": "orders", "actions": ["find_order"]}],
        },
        links=[("uses_model", base), ("uses_tool", tool)],
        description="Looks up orders on behalf of the assistant.",
    )


def _member(name: str, kind: str, version: AssetVersion) -> dict[str, str]:
    return {"name": name, "kind": kind, "digest": version.digest}
