"""What stands beside a version from its first moment: tags, a description, its origin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.statements import insert_all
from core.texts import check_text, journal_text
from registry.models import VersionDetails, VersionOrigin, VersionTag
from registry.models.tag import HEAD, MAX_KEY
from registry.services.descriptions import MAX_DESCRIPTION
from registry.services.tags import MAX_VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.models import AssetVersion
    from registry.services.contents import Draft

MAX_TAGS = 1_000
ORIGIN_LIMITS = {
    "source": 2_000,
    "download_uri": 2_000,
    "run_id": 200,
    "run_link": 2_000,
    "model_id": 200,
}


@dataclass(frozen=True)
class Beside:
    """Tags, description and origin of a new version, checked."""

    tags: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    origin: Mapping[str, str] | None = None


NOTHING_BESIDE = Beside()


def checked_beside(draft: Draft) -> Beside:
    """Return what of ``draft`` stands beside the version; raises InvalidInput."""
    description = draft.get("version_description", "")
    check_text(description, field="version_description", limit=MAX_DESCRIPTION)
    origin = draft.get("origin")
    for name, text in (origin or {}).items():
        if name not in ORIGIN_LIMITS:
            raise InvalidInput.of(f"origin.{name}", "is not known here")
        check_text(text, field=name, limit=ORIGIN_LIMITS[name])
    return Beside(checked_tags(draft.get("tags") or {}), description, origin)


def checked_tags(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``tags`` if they may be set; raises InvalidInput."""
    if len(tags) > MAX_TAGS:
        raise InvalidInput.of("tags", f"are more than {MAX_TAGS}")
    for key, value in tags.items():
        check_text(key, field="tags", limit=MAX_KEY)
        if not key or key != key.strip():
            raise InvalidInput.of("tags", "a key must not be empty, nor start or end with space")
        check_text(value, field=f"tags.{key[:80]}", limit=MAX_VALUE)
    return tags


def journal_tags(tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return tags as the journal tells them."""
    return [{"key": key, **journal_text(value)} for key, value in sorted(tags.items())]


def write_beside(written: Sequence[tuple[AssetVersion, Beside]]) -> None:
    """Write the rows of new versions, in their transaction."""
    insert_all(
        VersionTag(version=version, key=key, value=value, value_head=value[:HEAD])
        for version, beside in written
        for key, value in beside.tags.items()
    )
    insert_all(
        VersionDetails(
            version=version, description=beside.description, updated_at=version.created_at
        )
        for version, beside in written
        if beside.description
    )
    insert_all(
        VersionOrigin(version=version, **beside.origin)
        for version, beside in written
        if beside.origin is not None
    )


def told(beside: Beside) -> dict[str, Any]:
    """Return the fields that the event of the registration has of this."""
    return {
        "tags": journal_tags(beside.tags),
        "description": journal_text(beside.description),
        "origin": dict(beside.origin) if beside.origin is not None else None,
    }
