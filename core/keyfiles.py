"""Secrets and keys that an installation makes for itself and keeps in files."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def kept(path: Path) -> str:
    """Return the secret in ``path``, which is made with 256 random bits where there is none."""
    content = kept_bytes(path, lambda: secrets.token_urlsafe(32).encode("ascii"))
    return content.decode("ascii").strip()


def kept_bytes(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; ``make`` gives it where there is none yet.

    Readable by its owner only. Two processes that start at once agree on one: the file appears
    under its name only when it is whole.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
