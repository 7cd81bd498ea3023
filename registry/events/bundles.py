"""What happens to bundles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class BundleExported(Event):
    """A version left with its closure in a signed bundle."""

    action = "registry.bundle.exported"

    content_digest: str
    members: int


@dataclass(frozen=True, kw_only=True)
class BundleImported(Event):
    """The members of a bundle stand in the workspace; no alias was moved."""

    action = "registry.bundle.imported"

    content_digest: str
    signer: str
    imported_from: str
    versions: list[dict[str, Any]]
