"""Choose the store that a URL names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from registry.storage.folder import FolderStore

if TYPE_CHECKING:
    from registry.storage.base import BlobStore


def open_store(url: str) -> BlobStore:
    """Return the store at ``file:///folder`` or ``s3://bucket/prefix``; ValueError for another."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from registry.storage.objects import ObjectStore  # its client is large; most need none

        return ObjectStore(parts.netloc, prefix=parts.path.strip("/"))
    raise ValueError(f"MUNIMENT_BLOBS_URL must be file:///folder or s3://bucket/prefix, not {url}")
