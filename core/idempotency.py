"""A request that is sent twice takes effect once, whatever died in between.

The protocol is draft-ietf-httpapi-idempotency-key-header. The claim on a key is written by
``core.journal.publish`` in the transaction of the effect: both commit, or neither does. What had
no effect (bad input, a refused right) claims nothing, and may be tried again with the same key.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.errors import Conflict
from core.ids import new_uuid
from core.models import IdempotentRequest

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Claim
    from core.models import JournalEntry, User

KEPT_FOR = timedelta(days=7)
MAX_STORED_ANSWER = 1024 * 1024


class AlreadyClaimed(Conflict):
    """Another request with the same key has taken, or is taking, effect."""

    slug = "idempotency-key-in-use"
    title = "The request with this idempotency key has taken effect"


def new_nonce() -> UUID:
    """Return what tells one sending of a request from every other."""
    return new_uuid()


def take(claim: Claim, *, entry: JournalEntry, user: User) -> None:
    """Write the claim in the current transaction, if this request has not done so yet.

    Raises AlreadyClaimed when another sending of the request came first; on PostgreSQL a
    sending that is still in its transaction is waited for.
    """
    row = IdempotentRequest(
        user=user,
        credential=claim.credential,
        key=claim.key,
        fingerprint=claim.fingerprint,
        nonce=claim.nonce,
        entry=entry,
    )
    IdempotentRequest.objects.bulk_create([row], ignore_conflicts=True)
    held = find(claim, user=user)
    if held is None or held.nonce != claim.nonce:
        raise AlreadyClaimed("Another request with this Idempotency-Key came first.")


def find(claim: Claim, *, user: User) -> IdempotentRequest | None:
    """Return the request that took effect under the key of ``claim``, if there is one."""
    return (
        IdempotentRequest.objects.select_related("entry")
        .filter(user=user, credential=claim.credential, key=claim.key)
        .first()
    )


def store_answer(claim: Claim, *, status: int, content_type: str, body: bytes) -> None:
    """Keep the answer of the request that took effect; nothing where it took none."""
    if len(body) > MAX_STORED_ANSWER:
        return
    IdempotentRequest.objects.filter(nonce=claim.nonce, status=None).update(
        status=status, content_type=content_type, body=body
    )


def forget() -> int:
    """Delete the keys of requests that are older than a week; return how many."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    deleted, _ = old.delete()
    return deleted
