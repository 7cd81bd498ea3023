"""The key that signs this installation's bundles."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from core.keyfiles import kept_bytes

NAME = "bundle.key"


def signing_key() -> Ed25519PrivateKey:
    """Return the key, made on first use and readable by its owner only."""
    path = settings.KEYS_DIR / NAME
    raw = kept_bytes(path, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(raw)
