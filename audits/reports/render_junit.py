"""The report as JUnit XML, which continuous integration reads: a suite for each policy.

A failure fails the build, and so does what could not be judged (an error); what is exempt or does
not apply is skipped.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audits.reports.assessment import Assessment, PolicyReport, Result
    from audits.reports.coverage import Coverage

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


def pieces(assessment: Assessment) -> Iterator[bytes]:
    """Yield the document in UTF-8, a test case at a time."""
    yield b"<?xml version='1.0' encoding='utf-8'?>\n"
    yield _opened("testsuites", {"name": assessment.title, **_counts(assessment.coverage)}, 0)
    for policy in assessment.policies:
        yield from _suite(assessment, policy)
    yield b"</testsuites>\n"


def _suite(assessment: Assessment, policy: PolicyReport) -> Iterator[bytes]:
    """A suite counts its whole population, also where what passed has no case of its own."""
    attributes = {
        "name": f"{policy.name}/{policy.version}",
        **_counts(policy.coverage),
        "timestamp": assessment.scan.as_of[:19],
        "hostname": assessment.tool.instance,
    }
    yield _opened("testsuite", attributes, 1)
    properties = ET.Element("properties")
    for name, value in (
        ("title", policy.title),
        ("severity", policy.severity),
        ("controls", " ".join(policy.controls)),
        ("digest", policy.digest),
        ("passes", assessment.passes),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": _clean(value)})
    yield _written(properties)
    for result in assessment.listed(policy):
        yield _written(_case(policy, result))
    yield b"  </testsuite>\n"


def _opened(name: str, attributes: dict[str, str], level: int) -> bytes:
    """The beginning of an element whose content is written piece by piece."""
    element = ET.Element(name, {key: _clean(value) for key, value in attributes.items()})
    written: bytes = ET.tostring(element, encoding="utf-8", short_empty_elements=False)
    return b"  " * level + written.removesuffix(f"</{name}>".encode()) + b"\n"


def _written(element: ET.Element) -> bytes:
    ET.indent(element, level=2)
    written: bytes = ET.tostring(element, encoding="utf-8")
    return b"    " + written + b"\n"


def _case(policy: PolicyReport, result: Result) -> ET.Element:
    case = ET.Element(
        "testcase",
        {
            "classname": _clean(f"{result.workspace}.{policy.name}"),
            "name": _clean(result.subject),
            "time": "0",
        },
    )
    outcome = OUTCOMES.get(result.state)
    if outcome is None:
        return case
    told = "; ".join(each.message for each in result.reasons) or result.state.replace("_", " ")
    message = f"{told}, exempt by {result.exemption}" if result.exemption else told
    element = ET.SubElement(case, outcome, {"message": _clean(message)})
    if outcome != "skipped":
        element.set("type", result.state)
        element.text = _clean(_details(policy, result))
    return case


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


def _counts(coverage: Coverage) -> dict[str, str]:
    counts = Counter[str]()
    for state, count in coverage.by_state.items():
        counts[OUTCOMES.get(state, "")] += count
    return {
        "tests": str(coverage.population),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
    }


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
