"""Sign deliveries as the Standard Webhooks specification 1.0 says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> bytes:
    """Return a new key of 256 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def as_text(secret: bytes) -> str:
    """Return the form in which receivers' libraries take a key."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(
    body: bytes, *, message: UUID, timestamp: int, secrets: Iterable[bytes]
) -> dict[str, str]:
    """Return the headers that sign ``body``, once per key: while two keys overlap, a receiver
    that knows either accepts the delivery. ``timestamp`` is in seconds since 1970."""
    signed = f"{message}.{timestamp}.".encode() + body
    signatures = [
        base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets
    ]
    return {
        "webhook-id": str(message),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
