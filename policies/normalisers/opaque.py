"""Values that only a deployment resolves."""

from __future__ import annotations

from typing import Any

_INTRINSICS = ("Ref", "Condition")


def is_opaque(value: Any) -> bool:
    """Whether a value is an expression of its form: of an ARM template (``[...]``), or a function
    of CloudFormation."""
    if isinstance(value, str):
        return is_expression(value)
    if isinstance(value, dict) and len(value) == 1:
        (name,) = value
        return isinstance(name, str) and (name in _INTRINSICS or name.startswith("Fn::"))
    return False


def is_expression(text: str) -> bool:
    """Whether a text is an expression of an ARM template; two brackets are an escaped one."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")
