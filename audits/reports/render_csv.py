"""The report as CSV: one row per result, for whoever samples or pivots the population."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from core.csv_text import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport, Result

COLUMNS = (
    "scan",
    "as_of",
    "workspace",
    "policy",
    "policy_version",
    "policy_title",
    "severity",
    "controls",
    "assignment",
    "effect",
    "enforced",
    "subject",
    "subject_kind",
    "state",
    "underlying_state",
    "exemption",
    "reasons",
    "first_failed_at",
    "decision",
    "engine",
    "policy_digest",
    "input_digest",
    "snapshot_digest",
    "provenance",
    "observed_at",
    "evaluated_at",
)


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield the header and every result, passes of the largest population too, in the order of
    the JSON report."""
    for line in lines(chain([COLUMNS], _rows(assessment))):
        yield line.encode()


def _rows(assessment: Assessment) -> Iterator[tuple[object, ...]]:
    scan = assessment.scan
    for policy in assessment.policies:
        for result in policy.results:
            yield (
                scan.uuid,
                scan.as_of,
                result.workspace,
                *_policy(policy),
                *_result(result),
                *_evidence(result),
            )


def _policy(policy: PolicyReport) -> tuple[object, ...]:
    return policy.name, policy.version, policy.title, policy.severity, " ".join(policy.controls)


def _result(result: Result) -> tuple[object, ...]:
    reasons = [
        f"{reason.path}: {reason.message}" if reason.path else reason.message
        for reason in result.reasons
    ]
    return (
        result.assignment,
        result.effect,
        "yes" if result.is_enforced else "no",
        result.subject,
        result.subject_kind,
        result.state,
        result.underlying,
        result.exemption,
        " | ".join(reasons),
        result.first_failed_at,
    )


def _evidence(result: Result) -> tuple[object, ...]:
    evidence = result.evidence
    return (
        evidence.decision,
        evidence.engine,
        evidence.policy_digest,
        evidence.input_digest,
        evidence.snapshot_digest,
        evidence.provenance,
        evidence.observed_at,
        evidence.evaluated_at,
    )
