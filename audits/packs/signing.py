"""The key that signs packs; the log's key vouches for it. For workers only."""

from __future__ import annotations

import hashlib

from django.conf import settings

from audits.transparency.notes import Signer
from core.keyfiles import kept

PURPOSE = b"muniment pack key v1\x00"


def pack_signer() -> Signer:
    """Return the private key, which is made where there is none."""
    seed = hashlib.sha256(PURPOSE + kept(settings.PACK_KEY_FILE).encode()).digest()
    return Signer(f"{settings.INSTANCE}/journal/packs", seed)
