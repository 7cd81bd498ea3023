"""Model signatures: a Sigstore bundle around a DSSE envelope around an in-toto statement.

This is what the OpenSSF's ``model_signing sign key`` writes: the statement lists every file of a
model with its SHA-256. Signatures by certificate or by Sigstore's identities need a trusted root
and a transparency log, and are not verified here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TOOL = "muniment-signing"
TOOL_VERSION = "1"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
CURVES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


class NotAKey(ValueError):
    """The text is no public key that a model signature can be made with."""


class NotABundle(ValueError):
    """The text is no model signature that can be verified here; the message says why."""


@dataclass(frozen=True)
class Key:
    """A public key; the fingerprint is over its PEM form, as the signature's hint names it."""

    public: ec.EllipticCurvePublicKey
    pem: str
    fingerprint: str

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the holder of the key signed ``message``."""
        try:
            self.public.verify(signature, message, ec.ECDSA(CURVES[self.public.curve.name]))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Bundle:
    """A signature, taken apart. ``files`` are the digests that it speaks of, by path."""

    hint: str
    signature: bytes
    message: bytes
    files: Mapping[str, str]
    ignored: tuple[str, ...]


def read_key(pem: str) -> Key:
    """Return the key of a PEM text (SubjectPublicKeyInfo); raises NotAKey."""
    try:
        found = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotAKey("it is no public key in PEM form") from error
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name not in CURVES:
        raise NotAKey(f"only keys of the curves {', '.join(CURVES)} sign models")
    encoded = found.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(found, encoded.decode(), f"sha256:{hashlib.sha256(encoded).hexdigest()}")


def read_bundle(text: str) -> Bundle:
    """Return the parts of a signature; raises NotABundle. Nothing is verified yet."""
    try:
        return _read(json.loads(text))
    except NotABundle:
        raise
    except RecursionError as error:
        raise NotABundle("it is nested too deeply") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise NotABundle(f"it lacks what a signature of a model has: {error!r}"[:300]) from error


def _read(bundle: Any) -> Bundle:
    if bundle["mediaType"] != BUNDLE:
        raise NotABundle(f"its media type is not {BUNDLE}")
    material = bundle["verificationMaterial"]
    if "publicKey" not in material:
        raise NotABundle("it was made by a certificate or an identity, not by a key")
    envelope = bundle["dsseEnvelope"]
    if envelope["payloadType"] != PAYLOAD:
        raise NotABundle(f"its payload is not {PAYLOAD}")
    if len(envelope["signatures"]) != 1:
        raise NotABundle("it has not exactly one signature")
    payload = _decoded(envelope["payload"])
    files, ignored = _statement(json.loads(payload, object_pairs_hook=_unique))
    return Bundle(
        hint=material["publicKey"].get("hint") or "",
        signature=_decoded(envelope["signatures"][0]["sig"]),
        message=_authenticated(PAYLOAD.encode(), payload),
        files=files,
        ignored=ignored,
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise NotABundle("it holds what is no base64") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise NotABundle("a key of the statement stands twice")
    return dict(pairs)


def _authenticated(kind: bytes, payload: bytes) -> bytes:
    """Return what a DSSE signature is over (its pre-authentication encoding, version 1)."""
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _statement(statement: Any) -> tuple[dict[str, str], tuple[str, ...]]:
    if statement["_type"] != STATEMENT or statement["predicateType"] != PREDICATE:
        raise NotABundle(f"its statement is not of {PREDICATE}")
    serialized = statement["predicate"]["serialization"]
    if serialized["method"] != "files" or serialized["hash_type"] != "sha256":
        raise NotABundle("only files hashed whole with SHA-256 are compared")
    files: dict[str, str] = {}
    root = hashlib.sha256()
    for resource in statement["predicate"]["resources"]:
        name, digest = resource["name"], bytes.fromhex(resource["digest"])
        if resource["algorithm"] != "sha256" or len(digest) != 32 or name in files:
            raise NotABundle(f"the file {name[:80]!r} is described wrongly")
        root.update(digest)
        files[name] = f"sha256:{digest.hex()}"
    [subject] = statement["subject"]
    if subject["digest"]["sha256"] != root.hexdigest():
        raise NotABundle("its subject is not the digest of its files")
    return files, tuple(serialized.get("ignore_paths", ()))
