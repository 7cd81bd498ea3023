"""The key that signs packs here, with what the log's key said about it."""

from __future__ import annotations

from django.conf import settings

from audits.models import LogKey
from audits.packs.signing import pack_signer
from audits.services.transparency.keys import ensure_keys, log_signer
from audits.transparency.notes import Signer
from core.errors import Conflict


def vouched_signer() -> tuple[Signer, LogKey]:
    """Return the private key of packs and its row, whose statement the log's key signed.

    Raises Conflict where another key signed packs before: packs of one basis would then differ.
    """
    signer = pack_signer()
    ensure_keys(log_signer())
    known = LogKey.objects.filter(purpose=LogKey.Purpose.PACKS).earliest("id")
    if known.vkey != signer.verifier.encoded():
        raise Conflict(
            f"The key in {settings.PACK_KEY_FILE} is not the one that signs packs here "
            f"({known.vkey}). Put that key back."
        )
    return signer, known
