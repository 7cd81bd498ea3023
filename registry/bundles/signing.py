"""Ed25519 signatures (RFC 8032) over the manifest of a bundle."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from core.canonical import canonical_bytes, sha256

ALGORITHM = "ed25519"
# Before what is signed, so that no signature made for something else passes for one of a bundle.
CONTEXT = b"muniment.bundle/v1\n"


class BadSignature(Exception):
    """The signature is not one, or not of these bytes by this key."""


def public_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """Return the public key as PEM (SubjectPublicKeyInfo)."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def fingerprint(pem: str) -> str:
    """Return the digest of a public key's DER form; raises BadSignature for no Ed25519 key."""
    return sha256(_public(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def normal_pem(pem: str) -> str:
    """Return the one PEM form of a public key; raises BadSignature for no Ed25519 key."""
    return public_pem(_public(pem))


def signature_of(manifest: bytes, *, key: Ed25519PrivateKey) -> bytes:
    """Return the signature entry for the bytes of a manifest."""
    signed = base64.b64encode(key.sign(CONTEXT + manifest)).decode("ascii")
    pem = public_pem(key)
    return canonical_bytes(
        {"algorithm": ALGORITHM, "key": fingerprint(pem), "public_key": pem, "signature": signed}
    )


def signer_of(manifest: bytes, entry: bytes) -> str:
    """Return the fingerprint of the key that signed the manifest; raises BadSignature.

    Whether to trust that key is the caller's question.
    """
    try:
        body: dict[str, Any] = json.loads(entry)
        if set(body) != {"algorithm", "key", "public_key", "signature"}:
            raise BadSignature("the signature has other members")
        if body["algorithm"] != ALGORITHM or canonical_bytes(body) != entry:
            raise BadSignature("the signature is of another form")
        found = fingerprint(body["public_key"])
        raw = base64.b64decode(body["signature"], validate=True)
        if base64.b64encode(raw).decode("ascii") != body["signature"]:
            raise BadSignature("the signature is of another form")
        _public(body["public_key"]).verify(raw, CONTEXT + manifest)
    except BadSignature:
        raise
    except (ValueError, TypeError, AttributeError, InvalidSignature) as error:
        raise BadSignature("the signature is not of this manifest by this key") from error
    if found != body["key"] or public_pem(_public(body["public_key"])) != body["public_key"]:
        raise BadSignature("the signature names another key")
    return found


def _public(pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSignature("that is no public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadSignature("only Ed25519 keys sign bundles")
    return key
