"""What happens to tags, descriptions, names and lives of assets and versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AssetTagSet(Event):
    """A tag of an asset has another value; a long one stands as digest and size."""

    action = "registry.asset_tag.set"

    asset: str
    key: str


@dataclass(frozen=True, kw_only=True)
class AssetTagRemoved(Event):
    """A tag of an asset is gone."""

    action = "registry.asset_tag.removed"

    asset: str
    key: str


@dataclass(frozen=True, kw_only=True)
class VersionTagSet(Event):
    """A tag of a version has another value; a long one stands as digest and size."""

    action = "registry.version_tag.set"

    version: str
    key: str


@dataclass(frozen=True, kw_only=True)
class VersionTagRemoved(Event):
    """A tag of a version is gone."""

    action = "registry.version_tag.removed"

    version: str
    key: str


@dataclass(frozen=True, kw_only=True)
class AssetDescribed(Event):
    """An asset has another description."""

    action = "registry.asset.described"

    asset: str


@dataclass(frozen=True, kw_only=True)
class VersionDescribed(Event):
    """A version has another description."""

    action = "registry.version.described"

    version: str


@dataclass(frozen=True, kw_only=True)
class AssetRenamed(Event):
    """An asset bears another name; the former one stays its own."""

    action = "registry.asset.renamed"

    asset: str


@dataclass(frozen=True, kw_only=True)
class LifecycleChanged(Event):
    """A version was deprecated, archived, withdrawn or made active again.

    ``dependents`` are the ids of the versions that rest on it, directly or not.
    """

    action = "registry.lifecycle.changed"

    version: str
    state: str
    dependents: list[str] = field(default_factory=list)
    is_truncated: bool = False


@dataclass(frozen=True, kw_only=True)
class VersionDeleted(Event):
    """A version was deleted; its number stays taken."""

    action = "registry.version.deleted"

    asset: str
    version: str
    number: int


@dataclass(frozen=True, kw_only=True)
class AssetDeleted(Event):
    """An asset was deleted with ``versions`` standing versions, up to number ``last_number``.

    The digest is over the numbers and digests of those versions.
    """

    action = "registry.asset.deleted"

    asset: str
    versions: int
    last_number: int
    tags: list[dict[str, Any]] = field(default_factory=list)
