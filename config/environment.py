"""Read settings from environment variables and keep the secrets that a first start makes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

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
    path = Path(os.environ.get(f"{name}_FILE") or file)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(32))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
