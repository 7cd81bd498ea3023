"""The dossier as canonical JSON (RFC 8785): equal dossiers are equal bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.canonical import canonical_bytes

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier


def render(dossier: Dossier) -> bytes:
    """Return the whole dossier."""
    return canonical_bytes(msgspec.to_builtins(dossier))
