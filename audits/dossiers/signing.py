"""DSSE envelopes around in-toto statements, and the key that signs them.

Sources: DSSE v1 (the pre-authentication encoding and the envelope), in-toto Attestation Framework
v1. The log's key vouches for this one, as it does for that of receipts.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits.transparency.notes import Signer
from core.canonical import canonical_json
from core.keyfiles import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE = b"muniment attestation key v1\x00"
PAYLOAD_TYPE = "application/vnd.in-toto+json"


def attestation_signer() -> Signer:
    """Return the key that signs attestations, which is made where there is none. For workers."""
    seed = hashlib.sha256(PURPOSE + kept(settings.ATTESTATION_KEY_FILE).encode()).digest()
    return Signer(f"{settings.INSTANCE}/journal/attestations", seed)


def enveloped(statement: Mapping[str, Any], *, signer: Signer) -> bytes:
    """Return the envelope of a statement: equal statements are equal bytes under one key.

    ``keyid`` is the key's name and id as ``/api/audits/checkpoints/keys/`` answers them.
    """
    payload = canonical_json(dict(statement))
    public = signer.verifier
    return canonical_json(
        {
            "payload": _base64(payload),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [
                {
                    "keyid": f"{public.name}+{public.key_id.hex()}",
                    "sig": _base64(signer.sign(encoded(PAYLOAD_TYPE, payload))),
                }
            ],
        }
    )


def encoded(kind: str, payload: bytes) -> bytes:
    """Return what is signed of a payload: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
