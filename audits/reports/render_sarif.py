"""The report as SARIF 2.1.0 (OASIS): policies are rules, each result has a logical location.

What an exemption covers is a result with an accepted suppression; what could not be judged has the
kind ``open``, never ``pass``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.reports.oscal.parts import uid
from core.canonical import canonical_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audits.reports.assessment import Assessment, ExceptionReport, PolicyReport, Result

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {"critical": "error", "high": "error", "medium": "warning"}
KINDS = {
    "pass": "pass",
    "not_applicable": "notApplicable",
    "unknown": "open",
    "error": "open",
}
FINGERPRINT = "munimentQuestion/v1"


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield one log of one run as canonical JSON."""
    return canonical_pieces({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(assessment)]})


def _run(assessment: Assessment) -> dict[str, Any]:
    scan = assessment.scan
    return {
        "tool": {"driver": _driver(assessment)},
        "automationDetails": {
            "id": f"muniment/{assessment.tool.instance}/{scan.uuid}",
            "description": {"text": assessment.title},
        },
        "invocations": [
            {
                "executionSuccessful": not assessment.coverage.by_state["error"],
                "endTimeUtc": scan.completed_at,
                "properties": {
                    "asOf": scan.as_of,
                    "resultSet": scan.digest,
                    "passes": assessment.passes,
                },
            }
        ],
        "results": _results(assessment),
    }


def _driver(assessment: Assessment) -> dict[str, Any]:
    version = next((each for each in assessment.tool.tools if each.startswith("muniment ")), "")
    driver = {
        "name": "Muniment",
        "organization": assessment.tool.instance,
        "rules": [_rule(policy) for policy in assessment.policies],
        "properties": {"tools": list(assessment.tool.tools)},
    }
    return {**driver, "version": version.partition(" ")[2]} if version else driver


def _rule(policy: PolicyReport) -> dict[str, Any]:
    return {
        "id": _rule_id(policy),
        "name": policy.name,
        "guid": uid("rule", policy.name, policy.digest),
        "shortDescription": {"text": policy.title or policy.name},
        "fullDescription": {"text": policy.description or policy.title or policy.name},
        "help": {"text": policy.remediation or "none"},
        "defaultConfiguration": {"level": _level(policy)},
        "properties": {
            "tags": list(policy.controls),
            "severity": policy.severity,
            "digest": policy.digest,
            "counts": dict(policy.coverage.by_state),
        },
    }


def _rule_id(policy: PolicyReport) -> str:
    return f"{policy.name}/{policy.version}"


def _level(policy: PolicyReport) -> str:
    return LEVELS.get(policy.severity, "note")


def _results(assessment: Assessment) -> Iterator[dict[str, Any]]:
    waived = {each.uuid: each for each in assessment.exceptions}
    for index, policy in enumerate(assessment.policies):
        for result in assessment.listed(policy):
            yield _result(policy, index, result, waived)


def _result(
    policy: PolicyReport, index: int, result: Result, waived: Mapping[str, ExceptionReport]
) -> dict[str, Any]:
    kind = KINDS.get(result.state, "fail")
    told = {
        "ruleId": _rule_id(policy),
        "ruleIndex": index,
        "kind": kind,
        "level": _level(policy) if kind == "fail" else "none",
        "message": {"text": _message(result)},
        "locations": [{"logicalLocations": [_location(result)]}],
        "partialFingerprints": {FINGERPRINT: result.identity},
        "properties": {
            "state": result.state,
            "effect": result.effect,
            "decision": result.evidence.decision,
            "inputDigest": result.evidence.input_digest,
            "firstFailedAt": result.first_failed_at,
        },
    }
    if result.state == "exempt":
        told["suppressions"] = [_suppression(result, waived)]
    return told


def _message(result: Result) -> str:
    reasons = [
        f"{each.path}: {each.message}" if each.path else each.message for each in result.reasons
    ]
    return "; ".join(reasons) or result.state.replace("_", " ")


def _location(result: Result) -> dict[str, Any]:
    return {
        "name": result.subject,
        "fullyQualifiedName": f"{result.workspace}/{result.subject}",
        "kind": result.subject_kind or "resource",
    }


def _suppression(result: Result, waived: Mapping[str, ExceptionReport]) -> dict[str, Any]:
    suppression: dict[str, Any] = {
        "kind": "external",
        "status": "accepted",
        "properties": {"exemption": result.exemption},  # a guid of SARIF has no version 7
    }
    if exemption := waived.get(result.exemption or ""):
        by = exemption.approved_by.username
        until = exemption.expires_at
        suppression["justification"] = f"{exemption.reason} ({by}, until {until})"
    return suppression
