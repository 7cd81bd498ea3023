"""Risks: what fails, be it exempt, and what is to be done about it by whom. Plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.reports.oscal.parts import OWNER, Part, filled, line, party_uid, props, uid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, ExceptionReport, PolicyReport, Result
    from audits.reports.followed import FollowUp

# The states of results behind which there is something to mend, and how OSCAL calls the risk.
STATUSES = {"fail": "open", "conflict": "open", "exempt": "deviation-approved"}


def is_risk(result: Result) -> bool:
    """Tell whether a result stands for a risk: it fails, be it exempt."""
    return result.state in STATUSES and "fail" in {result.state, result.underlying}


def subject_uid(result: Result) -> str:
    """Return the identifier of a result's subject."""
    return uid("subject", result.workspace, result.subject)


def uid_of(result: Result) -> str:
    """Return the identifier of the observation of one result that did not pass."""
    return uid("observation", result.identity, result.evidence.decision)


def reasons(result: Result) -> str:
    """Return why, as one text."""
    told = [
        f"{each.message} ({each.path})" if each.path else each.message for each in result.reasons
    ]
    return line("; ".join(told))


def risk_uid(result: Result) -> str:
    """Return the identifier of the risk that a failing result stands for: that of the question,
    so that it is the same from scan to scan."""
    return uid("risk", result.identity)


def risks(assessment: Assessment) -> Iterator[Part]:
    """Return the risks, each with what is to be done and, where it is waived, by whose word."""
    waived = {each.uuid: each for each in assessment.exceptions}
    followed = {each.identity: each for each in assessment.follow_ups}
    for policy in assessment.policies:
        for result in policy.results:
            if is_risk(result):
                exemption = waived.get(result.exemption or "")
                yield _risk(policy, result, exemption, followed.get(result.identity))


def _risk(
    policy: PolicyReport,
    result: Result,
    exemption: ExceptionReport | None,
    followed: FollowUp | None,
) -> Part:
    due = followed.due_at if followed else None
    remedies = [remediation(policy, result)]
    return filled(
        {
            "uuid": risk_uid(result),
            "title": line(f"{policy.title}: {result.subject}"),
            "description": line(f"{result.subject} in {result.workspace}: {reasons(result)}"),
            "statement": line(policy.description),
            "props": props(
                severity=policy.severity,
                state=result.state,
                effect=result.effect,
                first_failed_at=result.first_failed_at,
                exemption=result.exemption,
            ),
            "status": STATUSES[result.state],
            "deadline": exemption.expires_at if exemption else due,
            "remediations": [*remedies, plan(followed)] if followed else remedies,
            "risk-log": {"entries": [_waiver(exemption)]} if exemption else None,
            "related-observations": [{"observation-uuid": uid_of(result)}],
        }
    )


def remediation(policy: PolicyReport, result: Result) -> Part:
    """Return what the policy says is to be done."""
    return {
        "uuid": uid("remediation", result.identity, policy.digest),
        "lifecycle": "recommendation",
        "title": line(f"Remedy: {policy.title}"),
        "description": line(policy.remediation),
    }


def plan(followed: FollowUp) -> Part:
    """Return who sees to it until when, as a milestone."""
    owner = followed.owner
    task = {
        "uuid": uid("milestone", followed.finding),
        "type": "milestone",
        "title": "Mended",
        "timing": {"on-date": {"date": followed.due_at}} if followed.due_at else None,
        "responsible-roles": [{"role-id": OWNER, "party-uuids": [party_uid(owner)]}]
        if owner
        else None,
    }
    return filled(
        {
            "uuid": uid("plan-of", followed.finding),
            "lifecycle": "planned",
            "title": "Who sees to it",
            "description": line(f"Seen to by {owner.username if owner else 'nobody yet'}."),
            "props": props(
                finding=followed.finding, ticket=followed.ticket, due_by=followed.due_by or None
            ),
            "tasks": [filled(task)],
        }
    )


def _waiver(exemption: ExceptionReport) -> Part:
    return filled(
        {
            "uuid": uid("waiver", exemption.uuid),
            "title": line(f"Exempt as {exemption.category}"),
            "description": line(exemption.reason),
            "start": exemption.valid_from,
            "end": exemption.expires_at,
            "props": props(ticket=exemption.ticket),
            "logged-by": [{"party-uuid": party_uid(exemption.approved_by)}],
            "status-change": "deviation-approved",
        }
    )
