"""The key that signs this installation's bundles."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.key_files import key_bytes

NAME = "bundle.key"


def signing_key() -> Ed25519PrivateKey:
    """Return the key, made on first use and readable by its owner only."""
    raw = key_bytes(NAME, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(raw)
