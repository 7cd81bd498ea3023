"""Read settings from environment variables and keep the secrets that a first start makes."""

from __future__ import annotations

import os
from pathlib import Path

from core.keyfiles import kept

TRUE = frozenset({"1", "true", "yes", "on"})


def flag(name: str, *, default: bool = False) -> bool:
    """Return the boolean in variable ``name``; 1, true, yes and on count as true."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in TRUE


def number(name: str, *, default: int) -> int:
    """Return the integer in variable ``name``; raises ValueError that names the variable."""
    value = os.environ.get(name)
    if value is None or not value.strip():
        return default
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def items(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Return the comma-separated, stripped, non-empty items in variable ``name``."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def secret(name: str, *, file: Path) -> str:
    """Return a secret: variable ``name``, else the file in ``NAME_FILE``, else ``file``.

    ``file`` is made with 256 random bits on first use, readable by its owner only. Two processes
    that start at once agree on one value: the file appears under its name only when it is whole.
    """
    if value := os.environ.get(name):
        return value
    return kept(Path(os.environ.get(f"{name}_FILE") or file))
