"""What happens to stored bytes, and what was found out about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class UploadStored(Event):
    """An upload's bytes are stored, and their digest is known."""

    action = "registry.upload.stored"

    upload: str
    size: int


@dataclass(frozen=True, kw_only=True)
class ArtifactsScanned(Event):
    """Stored artifacts of a version were looked into; ``verdict`` is the worst over them."""

    action = "registry.artifacts.scanned"

    version: str
    tool: str
    tool_version: str
    verdict: str
    artifacts: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class KeyTrusted(Event):
    """A workspace trusts signatures by a key from now on."""

    action = "registry.key.trusted"

    name: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class KeyDistrusted(Event):
    """A workspace does not trust a key any more."""

    action = "registry.key.distrusted"

    name: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class SignatureAdded(Event):
    """Somebody handed in a signature of a version; nothing is said about its worth yet."""

    action = "registry.signature.added"

    version: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class SignatureVerified(Event):
    """A signature was verified, or found not to hold; ``status`` tells."""

    action = "registry.signature.verified"

    version: str
    signature: str
    status: str
    signer: str
    tool_version: str


@dataclass(frozen=True, kw_only=True)
class StorageSwept(Event):
    """Bytes that nothing refers to any more were let go; ``digests`` are theirs."""

    action = "registry.storage.swept"

    blobs: int
    size: int
    uploads_released: int = 0
    claims_released: int = 0
    orphans: int = 0
    digests: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class StorageChecked(Event):
    """The table of stored bytes was compared with the bytes; the lists hold digests."""

    action = "registry.storage.checked"

    blobs: int
    size: int
    orphans: int
    is_thorough: bool
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
