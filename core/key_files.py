"""Keys of this installation: files beside the database, made on first use."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable


def key_bytes(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what the key file ``name`` holds; ``make`` gives it where there is none yet.

    Readable by its owner only. Two processes that start at once agree on one: the file appears
    only when it is whole.
    """
    path = settings.KEYS_DIR / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
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
    content: bytes = path.read_bytes()
    return content
