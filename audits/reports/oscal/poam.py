"""The plan of action and milestones: what fails and is to be mended. Plain Python.

What is exempt stands among the risks, with who approved it until when, and is no item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.reports.oscal.observations import inventory, risky
from audits.reports.oscal.observed import (
    STATUSES,
    is_risk,
    reasons,
    risk_uid,
    risks,
    uid_of,
)
from audits.reports.oscal.parts import Part, document_uid, filled, line, metadata, props, some, uid
from audits.reports.oscal.results import component
from core.canonical import canonical_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport, Result


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield the document as canonical JSON."""
    people = [each.approved_by for each in assessment.exceptions]
    tool = component(assessment)
    seen = risky(assessment, tool=tool["uuid"])
    document = filled(
        {
            "uuid": document_uid(assessment, "poam"),
            "metadata": metadata(assessment, f"{assessment.title}: plan of action", people=people),
            "system-id": {
                "identifier-type": "https://ietf.org/rfc/rfc4122",
                "id": uid("system", assessment.tool.instance),
            },
            "local-definitions": filled(
                {"components": [tool], "inventory-items": some(inventory(assessment))}
            ),
            "observations": some(seen),
            "risks": some(risks(assessment)),
            "poam-items": _items(assessment),
        }
    )
    return canonical_pieces({"plan-of-action-and-milestones": document})


def _items(assessment: Assessment) -> Iterator[Part]:
    nothing = True
    for policy in assessment.policies:
        for result in policy.results:
            if is_risk(result) and STATUSES[result.state] == "open":
                nothing = False
                yield _item(policy, result)
    if nothing:  # the format asks for one item at least
        yield {
            "uuid": document_uid(assessment, "nothing-to-do"),
            "title": "Nothing is open",
            "description": "No policy failed that no exemption covers.",
        }


def _item(policy: PolicyReport, result: Result) -> Part:
    return {
        "uuid": uid("poam-item", result.identity),
        "title": line(f"{policy.title}: {result.subject}"),
        "description": line(f"{reasons(result)} Remedy: {policy.remediation}"),
        "props": props(
            severity=policy.severity,
            workspace=result.workspace,
            first_failed_at=result.first_failed_at,
        ),
        "related-observations": [{"observation-uuid": uid_of(result)}],
        "related-risks": [{"risk-uuid": risk_uid(result)}],
    }
