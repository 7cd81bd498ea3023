"""Public identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uuid_utils.compat

if TYPE_CHECKING:
    import uuid


def new_uuid() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562 section 5.7): unique, and ordered by creation time."""
    return uuid_utils.compat.uuid7()


def new_uuids(count: int) -> list[uuid.UUID]:
    """Return as many, each as `new_uuid` makes them."""
    return [uuid_utils.compat.uuid7() for _ in range(count)]
