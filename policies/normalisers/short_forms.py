"""The short forms of CloudFormation's functions in YAML."""

from __future__ import annotations

_PLAIN = frozenset({"Ref", "Condition"})


def function_of(tag: str) -> str | None:
    """The function that a tag such as ``!Sub`` stands for; None for another tag."""
    name = tag.removeprefix("!")
    if tag == name or not name.isalnum() or not name.isascii():
        return None
    return name if name in _PLAIN else f"Fn::{name}"
