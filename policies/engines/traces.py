"""An evaluation with what it says on the way: what it prints, and how it came to its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from policies.engines.base import Module, Outcome

MAX_PRINTED = 64 * 1024
MAX_TRACE = 128 * 1024
CUT = "… (cut here)"
EXPLANATIONS = ("off", "fails", "full")


@dataclass(frozen=True, slots=True)
class Traced:
    """An outcome, the lines of ``print()`` and, where the engine tells one, its explanation."""

    outcome: Outcome
    printed: str = ""
    trace: str = ""


class Tracer(Protocol):
    """An engine that can tell more than the answer."""

    def trace(
        self, module: Module, *, input_json: str, deadline: float, explain: str = "off"
    ) -> Traced:
        """Evaluate one module; ``explain`` is one of `EXPLANATIONS`. Raises as
        `policies.engines.base.Engine.evaluate` does."""
        ...


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of whole lines, and say so where some are missing."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    return f"{kept[: kept.rfind(chr(10)) + 1]}{CUT}\n"
