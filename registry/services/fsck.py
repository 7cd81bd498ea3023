"""Compare the table of stored bytes with the bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.journal import publish
from registry.events import StorageChecked
from registry.models import Blob, BlobClaim, VersionArtifact
from registry.queries.blobs import store_at_hand
from registry.services.collection import sweep_orphans
from registry.storage import SCHEME
from registry.storage.base import Missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.actors import Actor
    from registry.storage.base import BlobStore

BATCH = 500
TOLD = 1_000


@dataclass
class Checked:
    """What was found; the lists hold digests."""

    blobs: int = 0
    size: int = 0
    orphans: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Tell whether every row has its bytes, and every version's artifact its row."""
        broken = {*self.missing, *self.damaged, *self.unclaimed}
        return broken <= set(self.repaired)


def check(
    *,
    actor: Actor,
    is_thorough: bool = True,
    repair: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Checked:
    """Compare rows with bytes, and versions with rows; record and return what was found.

    With ``is_thorough`` every byte is read and hashed, else sizes are compared. ``repair`` looks
    for lost bytes among the objects that no row names, claims again what a version names, and
    removes old orphans; it removes no row, and no bytes that a row names. Raises Unavailable when
    the store is away.
    """
    checked = Checked()
    with store_at_hand() as store:
        for blob in Blob.objects.order_by("pk").iterator(chunk_size=BATCH):
            checked.blobs += 1
            checked.size += blob.size
            _check_bytes(store, blob, checked, is_thorough=is_thorough)
            progress(checked.blobs)
        _check_claims(checked, repair=repair)
        orphans = [item.key for item in store.items() if not _is_named(item.key)]
        checked.orphans = len(orphans)
        if repair:
            _repair(store, orphans, checked)
            sweep_orphans(timezone.now() - timedelta(days=settings.GARBAGE_GRACE_DAYS))
    with transaction.atomic():
        publish(_event(checked, is_thorough=is_thorough), actor=actor)
    return checked


def _check_bytes(store: BlobStore, blob: Blob, checked: Checked, *, is_thorough: bool) -> None:
    try:
        is_whole = store.size(blob.key) == blob.size
        if is_whole and is_thorough:
            is_whole = _digest(store, blob.key) == blob.digest
    except Missing:
        # The row may have gone with its bytes since it was read.
        if Blob.objects.filter(pk=blob.pk, key=blob.key).exists():
            checked.missing.append(blob.digest)
        return
    if not is_whole:
        checked.damaged.append(blob.digest)


def _digest(store: BlobStore, key: str) -> str:
    hashed = hashlib.sha256()
    for chunk in store.read(key):
        hashed.update(chunk)
    return f"sha256:{hashed.hexdigest()}"


def _is_named(key: str) -> bool:
    return Blob.objects.filter(key=key).exists()


def _check_claims(checked: Checked, *, repair: bool) -> None:
    """Find artifacts of standing versions that hold on to no bytes."""
    lost = VersionArtifact.objects.filter(
        uri__startswith=SCHEME, claim__isnull=True, version__tombstone__isnull=True
    )
    for artifact in lost.select_related("version__asset"):
        checked.unclaimed.append(artifact.digest)
        blob = Blob.objects.filter(digest=artifact.digest).first()
        if repair and blob is not None:
            place = artifact.version.asset.workspace_id
            BlobClaim.objects.get_or_create(
                artifact=artifact, defaults={"blob": blob, "workspace_id": place}
            )
            checked.repaired.append(artifact.digest)


def _repair(store: BlobStore, orphans: list[str], checked: Checked) -> None:
    """Give rows whose bytes are lost the key of an orphan that has them."""
    lost = {*checked.missing, *checked.damaged}
    for key in orphans if lost else []:
        try:
            digest = _digest(store, key)
        except Missing:
            continue
        if digest in lost and Blob.objects.filter(digest=digest).update(key=key):
            checked.repaired.append(digest)
            lost.discard(digest)


def _event(checked: Checked, *, is_thorough: bool) -> StorageChecked:
    return StorageChecked(
        subject="storage",
        blobs=checked.blobs,
        size=checked.size,
        orphans=checked.orphans,
        is_thorough=is_thorough,
        missing=sorted(checked.missing)[:TOLD],
        damaged=sorted(checked.damaged)[:TOLD],
        unclaimed=sorted(set(checked.unclaimed))[:TOLD],
        repaired=sorted(set(checked.repaired))[:TOLD],
    )
