"""The report as canonical JSON (RFC 8785): equal assessments are equal bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.canonical import canonical_json

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment


def render(assessment: Assessment) -> bytes:
    """Return the whole assessment."""
    return canonical_json(msgspec.to_builtins(assessment))
