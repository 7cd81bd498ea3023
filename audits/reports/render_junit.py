"""The report as JUnit XML, which continuous integration reads: a suite for each policy.

A failure fails the build, and so does what could not be judged (an error); what is exempt or does
not apply is skipped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment, PolicyReport, Result

# Characters that XML 1.0 cannot hold, escaped or not.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OUTCOMES = {
    "fail": "failure",
    "conflict": "failure",
    "error": "error",
    "unknown": "error",
    "exempt": "skipped",
    "not_applicable": "skipped",
}


def render(assessment: Assessment) -> bytes:
    """Return the document in UTF-8."""
    root = ET.Element("testsuites", {"name": _clean(assessment.title)})
    root.attrib |= _counts([each for policy in assessment.policies for each in policy.results])
    for policy in assessment.policies:
        _add_suite(root, assessment, policy)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_suite(root: ET.Element, assessment: Assessment, policy: PolicyReport) -> None:
    counts = _counts(policy.results)
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": _clean(f"{policy.name}/{policy.version}"),
            **counts,
            "timestamp": assessment.scan.as_of[:19],
            "hostname": _clean(assessment.tool.instance),
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("title", policy.title),
        ("severity", policy.severity),
        ("controls", " ".join(policy.controls)),
        ("digest", policy.digest),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": _clean(value)})
    for result in policy.results:
        _add_case(suite, policy, result)


def _add_case(suite: ET.Element, policy: PolicyReport, result: Result) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": _clean(f"{result.workspace}.{policy.name}"),
            "name": _clean(result.subject),
            "time": "0",
        },
    )
    outcome = OUTCOMES.get(result.state)
    if outcome is None:
        return
    told = "; ".join(each.message for each in result.reasons) or result.state.replace("_", " ")
    message = f"{told}, exempt by {result.exemption}" if result.exemption else told
    element = ET.SubElement(case, outcome, {"message": _clean(message)})
    if outcome != "skipped":
        element.set("type", result.state)
        element.text = _clean(_details(policy, result))


def _details(policy: PolicyReport, result: Result) -> str:
    lines = [f"{each.path or '-'}: {each.message}" for each in result.reasons]
    evidence = result.evidence
    return "\n".join(
        [
            *lines,
            f"Remedy: {policy.remediation}",
            f"Decision {evidence.decision}, input {evidence.input_digest}",
        ]
    )


def _counts(results: tuple[Result, ...] | list[Result]) -> dict[str, str]:
    outcomes = [OUTCOMES.get(result.state) for result in results]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
    }


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
