"""Let go of stored bytes that nothing refers to any more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.journal import publish
from registry.events import StorageSwept
from registry.models import Blob, BlobClaim, Upload
from registry.queries.blobs import store_at_hand
from registry.queries.holds import in_hold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.actors import Actor

BATCH = 200
# An object is written a moment before its row: one without a row is not at once an orphan.
ORPHAN_AGE = timedelta(hours=1)


@dataclass
class Collected:
    """What was let go: rows, and bytes in all."""

    blobs: int = 0
    size: int = 0
    uploads_released: int = 0
    claims_released: int = 0
    orphans: int = 0


def collect(
    *,
    actor: Actor,
    grace: timedelta | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Collected:
    """Let go of bytes that no version claims, no upload holds and nothing else refers to, once
    ``grace`` is over.

    What deleted versions claimed and expired uploads held counts no more after as long. A row goes
    in a transaction that has it locked and sees that nothing refers to it; only then go its bytes,
    under a key that is never used again: whoever brings the same bytes meanwhile gets a new row
    and a new key. Raises Unavailable when the store is away; what is left, the next call finds.
    """
    if grace is None:
        grace = timedelta(days=settings.GARBAGE_GRACE_DAYS)
    before = timezone.now() - grace
    collected = Collected()
    collected.uploads_released = _release_uploads(before)
    collected.claims_released = _release_claims(before)
    while _sweep(before, collected, actor=actor):
        progress(collected.blobs)
    orphans = Collected()
    orphans.orphans, orphans.size = sweep_orphans(before)
    if orphans.orphans:
        with transaction.atomic():
            _publish(orphans, [], actor=actor)
    collected.orphans = orphans.orphans
    return collected


def _release_uploads(before: datetime) -> int:
    return Upload.objects.filter(blob__isnull=False, expires_at__lt=before).update(blob=None)


def _release_claims(before: datetime) -> int:
    """Let go of what deleted versions claim, not those in hold; rows and digests stay."""
    over = BlobClaim.objects.filter(artifact__version__tombstone__deleted_at__lt=before).exclude(
        in_hold("artifact__version__asset__workspace")
    )
    return over.delete()[0]


def _sweep(before: datetime, collected: Collected, *, actor: Actor) -> int:
    """Let go of one batch; return how many rows went."""
    # Whatever refers to bytes keeps them: claims, uploads, and what other apps hold.
    unreferred = {f"{relation.name}__isnull": True for relation in Blob._meta.related_objects}
    unused = Blob.objects.filter(stored_at__lt=before, **unreferred).order_by("pk")
    wanted = list(unused.values_list("pk", flat=True)[:BATCH])
    if not wanted:
        return 0
    with transaction.atomic():
        # Who refers to these rows locks them first. What waited here is seen by the next query.
        list(Blob.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        gone = list(unused.filter(pk__in=wanted))
        Blob.objects.filter(pk__in=[blob.pk for blob in gone]).delete()
        batch = Collected(blobs=len(gone), size=sum(blob.size for blob in gone))
        if gone:
            _publish(batch, [blob.digest for blob in gone], actor=actor)
    with store_at_hand() as store:
        for blob in gone:
            store.delete(blob.key)
    collected.blobs += batch.blobs
    collected.size += batch.size
    return len(gone)


def _publish(batch: Collected, digests: list[str], *, actor: Actor) -> None:
    publish(StorageSwept(subject="storage", digests=digests, **asdict(batch)), actor=actor)


def sweep_orphans(before: datetime) -> tuple[int, int]:
    """Remove objects and half-written files that no row names; return how many, and their bytes.

    Only what is older than ``before`` and an hour: its row may be about to be written.
    """
    before = min(before, timezone.now() - ORPHAN_AGE)
    count = size = 0
    with store_at_hand() as store:
        for item in store.items():
            if item.modified < before and not Blob.objects.filter(key=item.key).exists():
                store.delete(item.key)
                count, size = count + 1, size + item.size
    return count, size
