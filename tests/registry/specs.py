"""A valid spec of each kind, with the versions that it pins."""

from __future__ import annotations

from typing import Any

from registry.kinds.base import LinkedVersion
from registry.kinds.links import LinkRole
from tests.factories import DATASET_SPEC, MODEL_SPEC, PROMPT_SPEC, RESULT_SPEC

DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64

CONNECTION_SPEC: dict[str, Any] = {
    "type": "openai-compatible",
    "endpoint": "https://models.example/v1",
    "authentication": {"method": "api_key", "secrets": {"key": "env:MODELS_KEY"}},
}
TOOL_SPEC: dict[str, Any] = {
    "description": "Looks up and changes orders.",
    "implementation": {"type": "http", "reference": "https://orders.example/openapi"},
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


def flow_spec(model: str = DIGEST) -> dict[str, Any]:
    """A flow over one model."""
    return {
        "members": [{"name": "m", "kind": "model", "digest": model}],
        "steps": [{"name": "s", "uses": ["m"]}],
    }


def index_spec(dataset: str = DIGEST, model: str = OTHER) -> dict[str, Any]:
    """An index over one dataset."""
    return {
        "sources": [{"digest": dataset}],
        "chunking": {"method": "fixed", "unit": "tokens", "size": 400, "overlap": 40},
        "embedding": {"digest": model, "dimensions": 384, "distance": "cosine"},
        "refresh": {"mode": "scheduled", "every_hours": 24},
    }


def agent_spec(model: str = DIGEST, tool: str = OTHER) -> dict[str, Any]:
    """An agent that may find orders."""
    return {
        "purpose": "Answers questions on orders.",
        "members": [
            {"name": "brain", "kind": "model", "digest": model},
            {"name": "orders", "kind": "tool", "digest": tool},
        ],
        "autonomy": "asks",
        "grants": [{"tool": "orders", "actions": ["find_order"]}],
    }


def application_spec(flow: str = DIGEST) -> dict[str, Any]:
    """An application over one flow."""
    return {
        "purpose": "Helps customers.",
        "owner": {"contact": "support-platform@example.org"},
        "risk_tier": "limited",
        "members": [{"name": "bot", "kind": "flow", "digest": flow}],
        "deployments": [{"name": "support-bot", "workspace": "assist-prod"}],
    }


GOOD: dict[str, dict[str, Any]] = {
    "dataset": DATASET_SPEC,
    "model": MODEL_SPEC,
    "prompt": PROMPT_SPEC,
    "result": RESULT_SPEC,
    "flow": flow_spec(),
    "index": index_spec(),
    "tool": TOOL_SPEC,
    "agent": agent_spec(),
    "connection": CONNECTION_SPEC,
    "application": application_spec(),
}
LINKS: dict[str, tuple[LinkedVersion, ...]] = {
    "flow": (LinkedVersion(LinkRole.USES_MODEL, "model", "base", DIGEST),),
    "index": (
        LinkedVersion(LinkRole.INDEXES, "dataset", "handbook", DIGEST),
        LinkedVersion(LinkRole.EMBEDS_WITH, "model", "embedder", OTHER),
    ),
    "agent": (
        LinkedVersion(LinkRole.USES_MODEL, "model", "base", DIGEST),
        LinkedVersion(LinkRole.USES_TOOL, "tool", "orders", OTHER, TOOL_SPEC),
    ),
    "application": (LinkedVersion(LinkRole.USES_FLOW, "flow", "bot", DIGEST),),
}
