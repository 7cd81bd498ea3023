"""The rule gate: what the target workspace asks of a version beside people's agreement."""

from __future__ import annotations

from registry.gates.rules.gate import RuleGate

__all__ = ["RuleGate"]
