"""Public identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uuid_utils.compat

if TYPE_CHECKING:
    import uuid


def new_uuid() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562 section 5.7): unique, and ordered by creation time."""
    return uuid_utils.compat.uuid7()
