"""The reports that other programs read: SARIF and JUnit XML."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from audits.models import Scan
from audits.reports.assessment import Reason
from audits.reports.formats import FORMATS
from policies.models import Exemption
from tests.audits.estate import lived_in
from tests.audits.reports.estate import assessment_of, rendered
from tests.support.environments import environment
from tests.support.parts import PartMissing, missing

if TYPE_CHECKING:
    from tests.audits.conftest import House

# The schema of OASIS, as this package of others carries it.
SCHEMA_PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SCHEMA_FILE = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
COUNT = """
import sys
from junitparser import JUnitXml
read = JUnitXml.fromfile(sys.argv[1])
print(read.tests, read.failures, read.errors, read.skipped)
print(sum(not case.result for suite in read for case in suite))
"""


def sarif_of(scan: Scan) -> dict[str, Any]:
    (run,) = json.loads(rendered(scan, "sarif"))["runs"]
    return dict(run)


def test_sarif_has_a_result_for_each_with_its_rule_and_place(house: House) -> None:
    scan = lived_in(house)
    run = sarif_of(scan)

    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == scan.results.count()
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (place,) = result["locations"][0]["logicalLocations"]
        assert place["fullyQualifiedName"].startswith(("audit-prod/", "audit-dev/"))
    stored = set(scan.results.values_list("identity", flat=True))
    assert {each["partialFingerprints"]["munimentQuestion/v1"] for each in run["results"]} == stored


def test_sarif_suppresses_what_is_exempt_and_passes_nothing_unjudged(house: House) -> None:
    run = sarif_of(lived_in(house))

    by_state = {each["properties"]["state"]: each for each in run["results"]}
    assert by_state["fail"]["kind"] == by_state["exempt"]["kind"] == "fail"
    assert by_state["fail"]["level"] == "error"
    assert "suppressions" not in by_state["fail"]
    (suppression,) = by_state["exempt"]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["properties"]["exemption"] == str(Exemption.objects.get().uuid)
    assert "the-administrator" in suppression["justification"]
    assert by_state["unknown"]["kind"] == by_state["error"]["kind"] == "open"
    assert by_state["error"]["level"] == "none"
    assert run["invocations"][0]["executionSuccessful"] is False


def test_junit_fails_what_fails_and_errs_on_what_was_not_judged(house: House) -> None:
    scan = lived_in(house)

    root = ET.fromstring(rendered(scan, "junit"))  # noqa: S314 - our own

    states = dict(scan.results.values_list("identity", "state"))
    counts = {name: list(states.values()).count(name) for name in ("fail", "error", "unknown")}
    assert int(root.attrib["tests"]) == len(states)
    assert int(root.attrib["failures"]) == counts["fail"] == len(root.findall(".//failure"))
    assert int(root.attrib["errors"]) == counts["error"] + counts["unknown"]
    assert len(root.findall(".//skipped")) == 1
    (failure,) = root.findall(".//failure")
    assert "properties.public: it is open\nRemedy: Close it." in str(failure.text)
    assert {place.attrib["timestamp"] for place in root} == {scan.as_of.strftime("%FT%T")}


def test_junit_is_whole_whatever_a_message_holds(house: House) -> None:
    assessment = assessment_of(lived_in(house))
    policy = next(each for each in assessment.policies if each.coverage.by_state["fail"])
    result = next(each for each in policy.results if each.state == "fail")
    odd = replace(result, subject="a\x00<b>", reasons=(Reason("\x1b[31m & \ud800", "p"),))
    changed = replace(assessment, policies=(replace(policy, results=(odd,)),))

    root = ET.fromstring(FORMATS["junit"].render(changed))  # noqa: S314 - our own

    assert root.find(".//testcase").attrib["name"] == "a\ufffd<b>"  # type: ignore[union-attr]
    assert root.find(".//failure").attrib["message"] == "\ufffd[31m & \ufffd"  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.interop
def test_the_schema_of_oasis_takes_our_sarif(house: House, tmp_path: Path) -> None:
    scan = lived_in(house)
    npm = shutil.which("npm")
    if npm is None:
        missing("npm is not there to fetch the schema with")
    command = [npm, "pack", "--silent", SCHEMA_PACKAGE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"the schema cannot be fetched: {done.stderr[-300:]}")
    with tarfile.open(tmp_path / done.stdout.split()[-1]) as archive:
        file = archive.extractfile(SCHEMA_FILE)
        assert file is not None
        # Its pattern for languages, of which we set none, has a bracket that closes nothing.
        schema = json.loads(file.read().replace(b"{2}]?$", rb"{2}\\]?$"))
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)

    document = json.loads(rendered(scan, "sarif"))
    assert [str(error) for error in validator.iter_errors(document)] == []
    document["runs"][0]["results"][0]["kind"] = "perhaps"
    assert not validator.is_valid(document)


@pytest.mark.slow
@pytest.mark.interop
def test_junitparser_counts_as_we_do(house: House, tmp_path: Path) -> None:
    scan = lived_in(house)
    try:
        folder = environment("junitparser-5.0.3", ["junitparser==5.0.3"])
    except PartMissing as error:
        missing(str(error))
    path = tmp_path / "report.xml"
    path.write_bytes(rendered(scan, "junit"))

    done = subprocess.run(
        [str(folder / "bin" / "python"), "-c", COUNT, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    states = list(scan.results.values_list("state", flat=True))
    unjudged = states.count("error") + states.count("unknown")
    expected = [len(states), states.count("fail"), unjudged, states.count("exempt")]
    assert done.stdout.split() == [*map(str, expected), str(states.count("pass"))]
