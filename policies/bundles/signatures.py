"""Signatures of OPA bundles: ``.signatures.json``, as OPA verifies it.

Source: "Signing" in OPA's management documentation. The file holds one JWT (RFC 7519) whose claim
``files`` has the SHA-256 of every other file of the bundle. JSON files are hashed after parsing: as
compact JSON with sorted keys, so that whitespace may change and content may not.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

SIGNATURES = ".signatures.json"
ALGORITHM = "ES256"
HASH = "SHA-256"
# RFC 7518 section 3.4: both numbers of the signature, each with 256 bits.
NUMBER_BYTES = 32
_PARSED = (".json", ".manifest")


def new_key() -> bytes:
    """Return a new private key for ES256 (P-256) in PEM."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key; raises ValueError for none, TypeError for one of another kind."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the key that signs bundles for OPA must be one for ES256")
    return key


def public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """Return the public half as OPA's configuration takes it."""
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode()


def key_id(key: ec.EllipticCurvePrivateKey) -> str:
    """Return the name of the key: a part of the digest of its public half."""
    return f"muniment-{hashlib.sha256(public_pem(key).encode()).hexdigest()[:16]}"


def signatures(files: Mapping[str, bytes], key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return ``.signatures.json`` for ``files``: all of the bundle but this one, by path."""
    listed = [
        {"name": path, "hash": file_hash(path, files[path]), "algorithm": HASH}
        for path in sorted(files)
    ]
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_id(key)}
    signed = f"{_encoded_json(header)}.{_encoded_json({'files': listed})}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    raw = r.to_bytes(NUMBER_BYTES, "big") + s.to_bytes(NUMBER_BYTES, "big")
    return json.dumps({"signatures": [f"{signed}.{_encoded(raw)}"]}).encode()


def file_hash(path: str, body: bytes) -> str:
    """Return the hexadecimal hash of a file as OPA computes it."""
    if path.endswith(_PARSED):
        body = structured(json.loads(body))
    return hashlib.sha256(body).hexdigest()


def structured(value: Any) -> bytes:
    """Return the text of a JSON value that OPA hashes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Go escapes these two, which JSON allows inside of strings and JavaScript once did not.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def _encoded_json(value: Any) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
