"""Receipts: a signed promise that an entry will be in the log (RFC 9162 calls them SCTs).

Whoever holds one can show that an entry was dropped before it was ever placed: the one time at
which the tree itself cannot tell.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from audits.services.transparency.keys import origin, receipt_signer
from audits.transparency.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import JournalEntry

# Headers have limits: of a change that writes more, the first and the last are promised.
MOST = 16


def receipt_text(uuid: str, leaf: bytes) -> str:
    """Return what a receipt signs."""
    return f"muniment receipt v1\n{origin()}\n{uuid}\n{leaf.hex()}\n"


def receipts_for(entries: Sequence[JournalEntry]) -> list[str]:
    """Return ``uuid.leaf.signature`` for each entry: its id, the hash of its leaf in hexadecimal
    digits, and an Ed25519 signature of both in base64."""
    chosen = entries if len(entries) <= MOST else [*entries[: MOST - 1], entries[-1]]
    return [_receipt(str(entry.uuid), leaf_hash(bytes(entry.body))) for entry in chosen]


def _receipt(uuid: str, leaf: bytes) -> str:
    signature = receipt_signer().sign(receipt_text(uuid, leaf).encode())
    return f"{uuid}.{leaf.hex()}.{base64.b64encode(signature).decode('ascii')}"
