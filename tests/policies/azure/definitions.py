"""Small definitions and resources for tests of the evaluator."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.rules import Definition

SEARCH = "Microsoft.Search/searchServices"


def definition(
    condition: dict[str, Any],
    *,
    effect: str = "Audit",
    details: dict[str, Any] | None = None,
    parameters: dict[str, Any] | None = None,
    mode: str = "Indexed",
) -> Definition:
    then = {"effect": effect, **({"details": details} if details else {})}
    declared = {name: {"defaultValue": value} for name, value in (parameters or {}).items()}
    properties = {
        "mode": mode,
        "parameters": declared,
        "policyRule": {"if": condition, "then": then},
    }
    return Definition("x", properties)


def search(**properties: Any) -> dict[str, Any]:
    return {"type": SEARCH, "name": "assist", "properties": properties}
