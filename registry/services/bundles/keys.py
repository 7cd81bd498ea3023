"""The key that signs this installation's bundles."""

from __future__ import annotations

import os
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

NAME = "bundle.key"


def signing_key() -> Ed25519PrivateKey:
    """Return the key, made on first use and readable by its owner only.

    Two processes that start at once agree on one: the file appears only when it is whole.
    """
    path = settings.KEYS_DIR / NAME
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
