"""Keep secrets at rest: encrypted under a key that lies beside the database, not in it."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

PURPOSE = b"muniment sealing v1\x00"


class CannotUnseal(RuntimeError):
    """What is stored was sealed under another key, or was changed."""


def seal(secret: bytes) -> bytes:
    """Return ``secret`` encrypted and authenticated (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _box().encrypt(secret)


def unseal(sealed: bytes) -> bytes:
    """Return what was sealed; raises CannotUnseal under another key or for changed bytes."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken:
        raise CannotUnseal("sealed under another key, or changed") from None


def _box() -> Fernet:
    digest = hashlib.sha256(PURPOSE + settings.SEALING_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
