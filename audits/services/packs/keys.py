"""The key that signs packs, for which the log's key vouches. For workers only."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction

from audits.events import PackKeyDelegated
from audits.models import PackKey
from audits.services.transparency.keys import ensure_keys, log_signer, origin
from audits.transparency.notes import Signer, signed_note
from core import actors, locks
from core.errors import Conflict
from core.journal import publish
from core.keyfiles import kept

PURPOSE = b"muniment pack key v1\x00"
STATEMENT = "muniment pack key v1"
LOCK = "audits.packs.keys"


def pack_signer() -> tuple[Signer, PackKey]:
    """Return the private key, made where there is none, and its row with the log's statement.

    Raises Conflict where another key signed packs before: packs of one basis would then differ.
    """
    seed = hashlib.sha256(PURPOSE + kept(settings.PACK_KEY_FILE).encode()).digest()
    signer = Signer(f"{origin()}/packs", seed)
    vkey = signer.verifier.encoded()
    known = PackKey.objects.order_by("id").first() or _delegate(vkey)
    if known.vkey != vkey:
        raise Conflict(
            f"The key in {settings.PACK_KEY_FILE} is not the one that signs packs here "
            f"({known.vkey}). Put that key back."
        )
    return signer, known


def _delegate(vkey: str) -> PackKey:
    log = log_signer()
    ensure_keys(log)
    with transaction.atomic():
        locks.hold(LOCK)
        if known := PackKey.objects.order_by("id").first():
            return known
        statement = signed_note(f"{STATEMENT}\n{origin()}\n{vkey}\n", log)
        publish(
            PackKeyDelegated(subject=f"log/{origin()}", vkey=vkey, statement=statement),
            actor=actors.system(),
        )
        return PackKey.objects.create(vkey=vkey, statement=statement)
