"""The keys that sign packs and what is in them, with what the log's key said about them."""

from __future__ import annotations

from django.conf import settings

from audits.dossiers.signing import attestation_signer
from audits.models import LogKey
from audits.packs.journal import Keys
from audits.packs.signing import pack_signer
from audits.services.transparency.keys import ensure_keys, log_signer
from audits.transparency.notes import Signer
from core.errors import Conflict


def vouched_signer() -> tuple[Signer, Keys]:
    """Return the private key of packs, and both keys that sign here as the log's key vouches.

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
    attester = LogKey.objects.get(vkey=attestation_signer().verifier.encoded())
    return signer, Keys(packs=known, attestations=attester)
