"""Where this installation keeps bytes, and whose uploads are whose."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import Denial, NotFound, Unavailable
from registry import access
from registry.models import Upload
from registry.permissions import Permission
from registry.storage.base import StoreFailed
from registry.storage.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.storage.base import BlobStore


def store() -> BlobStore:
    """Return the store that the settings name."""
    return _opened(settings.BLOBS_URL)


@lru_cache(maxsize=8)
def _opened(url: str) -> BlobStore:
    return open_store(url)


@contextmanager
def store_at_hand() -> Iterator[BlobStore]:
    """Give the store; its failures are raised as Unavailable."""
    try:
        yield store()
    except StoreFailed as error:
        raise Unavailable(f"The store of artifacts cannot do this now: {error}") from error


def own_uploads(actor: Actor) -> QuerySet[Upload]:
    """Return the caller's uploads into workspaces that it may still see."""
    uploads = Upload.objects.filter(access.in_reach(actor), uploader=actor.user)
    return uploads.select_related("workspace", "uploader")


def own_upload(actor: Actor, uuid: UUID) -> Upload:
    """Return that upload of the caller; raises NotFound for a missing one or somebody else's."""
    if upload := own_uploads(actor).filter(uuid=uuid).first():
        return upload
    foreign = Upload.objects.filter(uuid=uuid).values_list("workspace__uuid", flat=True).first()
    if foreign is None:
        raise NotFound
    raise NotFound(denial=Denial(Permission.CREATE_VERSION.value, f"upload/{uuid}", foreign))
