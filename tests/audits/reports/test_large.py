"""Reports on more results than fit into memory: passes are counted, and no row is in the database
that a program would have to hold whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from audits.models import ReportFile
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.spool import AT_ONCE, Spool
from audits.services import report_files
from registry.models import Blob
from registry.queries.blobs import store
from tests.audits.estate import lived_in, report_of
from tests.audits.reports.large import assessment, result
from tests.support.parts import missing

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment
    from tests.audits.conftest import House

QUIET = {"pass", "not_applicable"}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """One that is too large for its passes to be listed."""
    monkeypatch.setattr("audits.reports.coverage.MOST_LISTED", 100)
    return assessment(200)


def told(of: Assessment, name: str) -> Any:
    return json.loads(FORMATS[name].render(of))


def test_json_lists_what_did_not_pass_and_counts_the_rest_by_policy_and_workspace(
    counted: Assessment,
) -> None:
    document = told(counted, "json")

    assert document["passes"] == "counted"
    for policy, own in zip(document["policies"], counted.policies, strict=True):
        everything = Counter((each.workspace, each.state) for each in own.results)
        assert {each["state"] for each in policy["results"]} & QUIET == set()
        loud = sum(n for (_, state), n in everything.items() if state not in QUIET)
        assert len(policy["results"]) == loud > 0
        by_place = {
            (place["workspace"], state): count
            for place in policy["workspaces"]
            for state, count in place["by_state"].items()
        }
        assert by_place == everything
    assert told(assessment(100), "json")["passes"] == "listed"


def test_csv_has_a_row_for_every_pass_with_its_decision(counted: Assessment) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(counted).decode())))

    assert len(rows) == 200
    passed = [row["decision"] for row in rows if row["state"] == "pass"]
    assert len(set(passed)) == counted.coverage.by_state["pass"]


def test_oscal_observes_passes_by_number(counted: Assessment) -> None:
    (document,) = told(counted, "oscal-results")["assessment-results"]["results"]

    states = Counter[str]()
    for part in document["observations"]:
        values = {each["name"]: each["value"] for each in part["props"]}
        if values["state"] in QUIET:
            states[values["state"]] += sum(
                int(each["value"]) for each in part["props"] if each["name"] == "results"
            )
            assert "subjects" not in part
        else:
            states[values["state"]] += len(part["relevant-evidence"])
    assert states == +Counter(counted.coverage.by_state)
    there = {each["uuid"] for each in document["observations"]}
    for finding in document["findings"]:
        assert {each["observation-uuid"] for each in finding["related-observations"]} <= there
    assert len(document["local-definitions"]["inventory-items"]) == 40 * 1
    items = told(counted, "oscal-poam")["plan-of-action-and-milestones"]["poam-items"]
    assert len(items) == counted.coverage.by_state["fail"]


def test_sarif_and_junit_list_what_did_not_pass(counted: Assessment) -> None:
    states, loud = counted.coverage.by_state, 200 - counted.coverage.by_state["pass"]
    (run,) = told(counted, "sarif")["runs"]
    root = ET.fromstring(FORMATS["junit"].render(counted))  # noqa: S314 - our own bytes

    assert len(run["results"]) == loud
    counts = Counter[str]()
    for rule in run["tool"]["driver"]["rules"]:
        counts.update(rule["properties"]["counts"])
    assert +counts == +Counter(states)
    assert run["invocations"][0]["properties"]["passes"] == "counted"
    assert len(root.findall("./testsuite/testcase")) == loud
    assert root.attrib["tests"] == "200"
    assert int(root.attrib["failures"]) == states["fail"]
    assert sum(int(suite.attrib["tests"]) for suite in root.findall("testsuite")) == 200


def test_a_spool_gives_back_what_it_was_given_as_often_as_it_is_asked(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    first = [result(0, number) for number in range(AT_ONCE + 3)]
    second = [result(1, number) for number in range(5)]
    one, two, none = spool.add(first), spool.add(second), spool.add([])

    assert list(one) == list(one) == first
    assert list(zip(one, two, strict=False)) == list(zip(first, second, strict=False))
    assert (len(one), len(two), len(none), list(none)) == (AT_ONCE + 3, 5, 0, [])
    assert (one[-1], one[AT_ONCE], two[1:3]) == (first[-1], first[AT_ONCE], second[1:3])
    assert one == first != two
    with pytest.raises(IndexError):
        two[5]
    assert list(tmp_path.iterdir()) == []


def test_large_files_lie_in_the_store_and_are_answered_from_it(
    house: House, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.BLOBS_URL = (tmp_path / "blobs").as_uri()
    monkeypatch.setattr(report_files, "IN_TABLE", 5_000)
    scan = lived_in(house)
    first, second = report_of(house, scan), report_of(house, scan)
    files = {each.format: each for each in first.files.select_related("blob")}

    assert set(files) == set(STANDARD)
    assert {each.blob is None for each in files.values()} == {True, False}
    client, path = house.client(house.admin), f"/api/audits/reports/{first.uuid}/download/"
    for name, file in files.items():
        answer = client.get(path, {"format": name})
        streaming = getattr(answer, "streaming_content", None)
        body = b"".join(streaming) if streaming else answer.content
        assert f"sha256:{hashlib.sha256(body).hexdigest()}" == file.digest, name
        assert (len(body), (file.body is None)) == (file.size, file.size > 5_000)
    assert (
        "default-src 'none'"
        in client.get(path, {"format": "html"}).headers["Content-Security-Policy"]
    )
    # Equal bytes are stored once, and nothing is in the store that no row names.
    again = {each.format: each.blob_id for each in second.files.all()}
    assert again == {name: each.blob_id for name, each in files.items()}
    assert {item.key for item in store().items()} == set(Blob.objects.values_list("key", flat=True))


def test_a_file_that_does_not_come_about_leaves_nothing_in_the_store(
    house: House, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.BLOBS_URL = (tmp_path / "blobs").as_uri()
    monkeypatch.setattr(report_files, "IN_TABLE", 10)
    report = report_of(house, lived_in(house))
    before = {item.key for item in store().items()}

    def lost() -> None:
        raise RuntimeError("somebody else has the task")

    with pytest.raises(RuntimeError):
        report_files.keep(report, "more", [b"x" * 100], told=lambda size: None, fence=lost)

    assert {item.key for item in store().items()} == before
    assert not ReportFile.objects.filter(format="more").exists()


MEASURED = """
import json, sys
import django
django.setup()
from audits.reports.formats import FORMATS, STANDARD
from tests.audits.reports.large import assessment

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1000

small, size = assessment(1_000), int(sys.argv[1])
for name in STANDARD:
    FORMATS[name].render(small)
before, of, told = peak(), assessment(size), {}
for name in STANDARD:
    written = sum(len(piece) for piece in FORMATS[name].pieces(of))
    told[name] = [round(written / 1e6, 1), round(peak() - before)]
print(json.dumps({"passes": of.passes, "before": round(before), "MB": told}))
"""


@pytest.mark.slow
def test_no_form_of_a_large_report_is_whole_in_memory(capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/proc/self/status").exists():
        missing("this system does not tell how much memory a process has")
    size = 120_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(size)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\nforms of {size} results, megabytes written and more resident: {done.stdout}")
    assert told["passes"] == "counted"
    assert max(more for _, more in told["MB"].values()) < 100
