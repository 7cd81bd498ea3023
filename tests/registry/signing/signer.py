"""Makes signatures in the form of the OpenSSF's model-signing 1.1, which test_openssf.py compares
with the real ones."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Signer:
    """The holder of a key."""

    key: ec.EllipticCurvePrivateKey

    @classmethod
    def make(cls) -> Signer:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def pem(self) -> str:
        public = self.key.public_key()
        return public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    @property
    def fingerprint(self) -> str:
        return "sha256:" + hashlib.sha256(self.pem.encode()).hexdigest()

    def sign(self, files: Mapping[str, str], **changes: Any) -> str:
        """A bundle over files (path: digest); `changes` replace members of the statement."""
        return self.sign_payload(json.dumps(statement(files) | changes).encode())

    def sign_payload(self, payload: bytes) -> str:
        kind = b"application/vnd.in-toto+json"
        message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        signature = self.key.sign(message, ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                "verificationMaterial": {
                    "publicKey": {"hint": self.fingerprint[7:]},
                    "tlogEntries": [],
                },
                "dsseEnvelope": {
                    "payload": base64.b64encode(payload).decode(),
                    "payloadType": kind.decode(),
                    "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
                },
            }
        )


def statement(files: Mapping[str, str]) -> dict[str, Any]:
    ordered = sorted(files.items())
    root = hashlib.sha256(b"".join(bytes.fromhex(digest[7:]) for _, digest in ordered))
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": root.hexdigest()}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "serialization": {
                "method": "files",
                "hash_type": "sha256",
                "allow_symlinks": False,
                "ignore_paths": [".git", "model.sig"],
            },
            "resources": [
                {"algorithm": "sha256", "name": name, "digest": digest[7:]}
                for name, digest in ordered
            ],
        },
    }
