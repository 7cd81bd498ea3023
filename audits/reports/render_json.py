"""The report as canonical JSON (RFC 8785): equal assessments are equal bytes."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import msgspec

from core.canonical import canonical_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield the whole assessment; of its results, one at a time is held as JSON."""
    told = _but(assessment, "policies")
    told["policies"] = [_policy(assessment, policy) for policy in assessment.policies]
    return canonical_pieces(told)


def _policy(assessment: Assessment, policy: PolicyReport) -> dict[str, Any]:
    told = _but(policy, "results")
    told["results"] = (msgspec.to_builtins(result) for result in assessment.listed(policy))
    return told


def _but(report: Assessment | PolicyReport, name: str) -> dict[str, Any]:
    """Return a part of the report without one of its fields."""
    kept = [each.name for each in fields(report) if each.name != name]
    return {each: msgspec.to_builtins(getattr(report, each)) for each in kept}
