"""The key that signs the log, and the keys that sign receipts, attestations and packs in its name.

The log's key is in a file that only workers read: a process that answers requests can promise an
entry (a receipt), but cannot sign a tree.
"""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.dossiers.signing import attestation_signer
from audits.events import (
    AttestationKeyDelegated,
    LogKeyAdded,
    LogKeyRotated,
    LogResumed,
    PackKeyDelegated,
    ReceiptKeyDelegated,
)
from audits.models import LogKey
from audits.packs.signing import pack_signer
from audits.queries.log import first_log_key
from audits.transparency.notes import Signer, signed_note
from core import actors, locks
from core.errors import Conflict
from core.journal import decode, publish
from core.keyfiles import kept
from core.models import JournalEntry

if TYPE_CHECKING:
    from pathlib import Path

    from core.actors import Actor

PURPOSE = b"muniment log key v1\x00"
RECEIPTS = b"muniment receipt key v1\x00"
LOCK = "audits.log.keys"
# What the log's key signs about a key of each purpose, and the event that tells of it.
Delegated = ReceiptKeyDelegated | AttestationKeyDelegated | PackKeyDelegated
DELEGATED: dict[LogKey.Purpose, tuple[str, type[Delegated]]] = {
    LogKey.Purpose.RECEIPTS: ("muniment receipt key v1", ReceiptKeyDelegated),
    LogKey.Purpose.ATTESTATIONS: ("muniment attestation key v1", AttestationKeyDelegated),
    LogKey.Purpose.PACKS: ("muniment pack key v1", PackKeyDelegated),
}


def origin() -> str:
    """Return the name of this installation's log, which its keys carry."""
    return f"{settings.INSTANCE}/journal"


def current_origin() -> str:
    """Return the name under which the log is signed now: another one after each resumption."""
    resumed = (
        JournalEntry.objects.filter(action=LogResumed.action, sequence__isnull=False)
        .order_by("-id")
        .first()
    )
    return str(decode(resumed)["data"]["origin"]) if resumed else origin()


def log_signer() -> Signer:
    """Return the log's private key, which is made where there is none. For workers only.

    A rotation that was cut short after its commit is brought to its end.
    """
    path: Path = settings.LOG_KEY_FILE
    following = _following(path)
    known = standing_key() if following.exists() else None
    if known and _signer_in(following).verifier.encoded() == known.vkey:
        _put_in_place(path)
    return _signer_in(path)


def _signer_in(path: Path) -> Signer:
    return Signer(origin(), hashlib.sha256(PURPOSE + kept(path).encode()).digest())


def trusted_key() -> str:
    """Return the public key that a verification here begins with: that of the oldest key file,
    which is out of reach of whoever can write the database. Empty where the database names none;
    where the files are elsewhere it is the first that the database names."""
    named, path = first_log_key(), settings.LOG_KEY_FILE
    for file in (_numbered(path, 1), path):
        if named and file.exists():
            return _signer_in(file).verifier.encoded()
    return named


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _following(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _put_in_place(path: Path) -> None:
    """Keep the old key's file under a number, for it vouches for the new one."""
    if path.exists():
        number = 1
        while (old := _numbered(path, number)).exists():
            number += 1
        path.replace(old)
    _following(path).replace(path)


@functools.cache
def receipt_signer() -> Signer:
    """Return the key that signs receipts, which every process that answers requests has."""
    seed = hashlib.sha256(RECEIPTS + settings.RECEIPT_KEY.encode()).digest()
    return Signer(f"{origin()}/receipts", seed)


def standing_key() -> LogKey | None:
    """Return the key that signs the log now, as the database knows it."""
    return LogKey.objects.filter(purpose=LogKey.Purpose.LOG, retired_at__isnull=True).first()


def ensure_keys(signer: Signer) -> None:
    """Put the log's key, and those that sign in its name, on record where they are not yet.

    Raises Conflict where another key of the log stands: it was replaced without a rotation.
    """
    known = standing_key()
    if known is not None and known.vkey != signer.verifier.encoded():
        raise Conflict(
            f"The key in {settings.LOG_KEY_FILE} is not the one that signs this log "
            f"({known.vkey}). Put that key back, or rotate with manage.py rotate_log_key."
        )
    others = {
        LogKey.Purpose.RECEIPTS: receipt_signer().verifier.encoded(),
        LogKey.Purpose.ATTESTATIONS: attestation_signer().verifier.encoded(),
        LogKey.Purpose.PACKS: pack_signer().verifier.encoded(),
    }
    recorded = LogKey.objects.filter(vkey__in=others.values())
    if known is not None and recorded.count() == len(others):
        return
    with transaction.atomic():
        locks.hold(LOCK)
        if known is None and standing_key() is None:
            _add(signer)
        for purpose, vkey in others.items():
            if not LogKey.objects.filter(vkey=vkey).exists():
                _delegate(purpose, vkey, signer)


def _add(signer: Signer) -> None:
    vkey = signer.verifier.encoded()
    LogKey.objects.create(purpose=LogKey.Purpose.LOG, vkey=vkey)
    publish(LogKeyAdded(subject=f"log/{origin()}", vkey=vkey), actor=actors.system())


def _delegate(purpose: LogKey.Purpose, vkey: str, signer: Signer) -> None:
    title, event = DELEGATED[purpose]
    statement = signed_note(f"{title}\n{origin()}\n{vkey}\n", signer)
    LogKey.objects.create(purpose=purpose, vkey=vkey, statement=statement)
    publish(event(subject=f"log/{origin()}", vkey=vkey, statement=statement), actor=actors.system())


def rotate(*, actor: Actor, reason: str) -> LogKey:
    """Replace the log's key by a new one, which the old one vouches for.

    For an operator who can read the key's file; the old file stays beside the new one, for it
    vouches. The rotation is an entry of the log, so whoever trusts an old key can follow it.
    """
    path: Path = settings.LOG_KEY_FILE
    old = log_signer()
    ensure_keys(old)
    with transaction.atomic():
        locks.hold(LOCK)
        _following(path).unlink(missing_ok=True)
        new = _signer_in(_following(path))
        vkey, was = new.verifier.encoded(), old.verifier.encoded()
        text = f"muniment log key rotation v1\n{origin()}\n{was}\n{vkey}\n"
        statement = signed_note(text, old, new)
        standing = LogKey.objects.filter(vkey=was, retired_at__isnull=True)
        if not standing.update(retired_at=timezone.now()):
            raise Conflict("The key was rotated by somebody else at this moment.")
        key = LogKey.objects.create(purpose=LogKey.Purpose.LOG, vkey=vkey, statement=statement)
        publish(
            LogKeyRotated(
                subject=f"log/{origin()}", reason=reason, was=was, vkey=vkey, statement=statement
            ),
            actor=actor,
        )
    # After the commit: where it ends here, `log_signer` finds the new key waiting.
    _put_in_place(path)
    return key
