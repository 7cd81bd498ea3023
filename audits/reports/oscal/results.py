"""Assessment results: what was reviewed, seen and found. Plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.reports.oscal.observations import inventory, named, observations, uids
from audits.reports.oscal.observed import risks
from audits.reports.oscal.parts import (
    Part,
    document_uid,
    filled,
    line,
    metadata,
    props,
    some,
    token,
    uid,
)
from core.canonical import canonical_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, ControlReport
    from audits.reports.oscal.observations import Named

# Nothing but a whole pass is satisfied; where nothing applies nothing is found.
REASONS = {"pass": "pass", "fail": "fail", "conflict": "fail"}


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield the document as canonical JSON."""
    plan = uid("plan", assessment.scan.digest)
    people = [each.approved_by for each in assessment.exceptions]
    document = {
        "uuid": document_uid(assessment, "assessment-results"),
        "metadata": metadata(assessment, assessment.title, people=people),
        "import-ap": {"href": f"#{plan}"},
        "results": [_result(assessment)],
        "back-matter": {
            "resources": [
                {
                    "uuid": plan,
                    "title": "Assessment plan: scope and method",
                    "description": line(assessment.method),
                }
            ]
        },
    }
    return canonical_pieces({"assessment-results": document})


def _result(assessment: Assessment) -> Part:
    scan, tool = assessment.scan, component(assessment)
    places = ", ".join(place.slug for place in scan.workspaces)
    return filled(
        {
            "uuid": document_uid(assessment, "result"),
            "title": line(assessment.title),
            "description": line(f"As of {scan.as_of}, of the workspaces {places or 'none'}."),
            "start": scan.as_of,
            "end": scan.completed_at,
            "props": props(
                population=assessment.coverage.population,
                not_evaluated=assessment.coverage.not_evaluated,
                percent_passed=assessment.coverage.percent_passed,
            ),
            "local-definitions": filled(
                {"components": [tool], "inventory-items": some(inventory(assessment))}
            ),
            "reviewed-controls": {"control-selections": _selections(assessment)},
            "observations": some(observations(assessment, tool=tool["uuid"])),
            "risks": some(risks(assessment)),
            "findings": _findings(assessment),
        }
    )


def component(assessment: Assessment) -> Part:
    """Return what evaluated, as a component."""
    tools = ", ".join(assessment.tool.tools)
    return {
        "uuid": uid("tool", assessment.tool.instance, tools),
        "type": "software",
        "title": line(f"Muniment at {assessment.tool.instance}"),
        "description": line(tools),
        "status": {"state": "operational"},
    }


def _selections(assessment: Assessment) -> list[Part]:
    frameworks: dict[str, list[str]] = {}
    for control in assessment.controls:
        frameworks.setdefault(control.framework, []).append(token(control.control))
    if not frameworks:
        return [{"description": "No policy supports a control.", "include-all": {}}]
    return [
        {
            "description": line(f"Controls of {name or 'no framework'}"),
            "props": props(framework=name or "none"),
            "include-controls": [{"control-id": control} for control in dict.fromkeys(controls)],
        }
        for name, controls in frameworks.items()
    ]


def _findings(assessment: Assessment) -> list[Part]:
    of_policies = named(assessment)
    return [
        _finding(assessment, control, [of_policies[name] for name in control.policies])
        for control in assessment.controls
        if control.verdict != "not_applicable"
    ]


def _finding(assessment: Assessment, control: ControlReport, policies: list[Named]) -> Part:
    counts = [f"{count} {state}" for state, count in control.coverage.by_state.items() if count]
    return filled(
        {
            "uuid": uid("finding", document_uid(assessment, "result"), control.reference),
            "title": line(f"{control.reference} {control.title}"),
            "description": line(
                f"Policies that support it: {', '.join(control.policies)}. Results:"
                f" {', '.join(counts)}. Whether it is met also needs what no policy can see."
            ),
            "props": props(framework=control.framework or "none", verdict=control.verdict),
            "target": {
                "type": "objective-id",
                "target-id": token(control.control),
                "status": {
                    "state": "satisfied" if control.verdict == "pass" else "not-satisfied",
                    "reason": REASONS.get(control.verdict, "other"),
                },
            },
            "related-observations": some(
                {"observation-uuid": each} for of in policies for each in uids(of.observations)
            ),
            "related-risks": some(
                {"risk-uuid": each} for of in policies for each in uids(of.risks)
            ),
        }
    )
