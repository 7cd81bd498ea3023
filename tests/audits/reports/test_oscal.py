"""The report in OSCAL: what stands where, and that the reference implementation takes it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.models import Finding
from audits.reports.basis import Basis, assess
from audits.reports.formats import FORMATS
from audits.services import due_rules
from audits.services.triage import triage
from tests.audits.estate import lived_in
from tests.audits.estate import scan as scan_again
from tests.audits.reports.estate import rendered
from tests.support.environments import environment
from tests.support.parts import PartMissing, missing

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from audits.models import Scan
    from tests.audits.conftest import House

TRESTLE = "compliance-trestle==5.2.0"
READ = """
import sys
from trestle.oscal.assessment_results import Model as Results
from trestle.oscal.poam import Model as Poam
from pathlib import Path
results = Results.model_validate_json(Path(sys.argv[1]).read_text()).assessment_results
poam = Poam.model_validate_json(Path(sys.argv[2]).read_text()).plan_of_action_and_milestones
print(len(results.results[0].observations), len(poam.poam_items))
"""


def results_of(scan: Scan) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(rendered(scan, "oscal-results"))["assessment-results"]
    return document


def poam_of(scan: Scan) -> dict[str, Any]:
    document = json.loads(rendered(scan, "oscal-poam"))
    found: dict[str, Any] = document["plan-of-action-and-milestones"]
    return found


def value(part: dict[str, Any], name: str) -> str:
    (found,) = [each["value"] for each in part["props"] if each["name"] == name]
    return str(found)


def test_every_result_is_observed_with_its_evidence(house: House) -> None:
    scan = lived_in(house)
    (result,) = results_of(scan)["results"]

    observed = [each for part in result["observations"] for each in part["relevant-evidence"]]
    decisions = {f"urn:uuid:{row.decision.uuid}" for row in scan.results.select_related()}
    assert {each["href"] for each in observed} == decisions
    assert all(value(each, "input-digest").startswith("sha256:") for each in observed)
    assert {part["methods"][0] for part in result["observations"]} == {"TEST"}
    subjects = {item["uuid"] for item in result["local-definitions"]["inventory-items"]}
    for part in result["observations"]:
        assert {each["subject-uuid"] for each in part["subjects"]} <= subjects


def test_a_control_is_satisfied_by_a_whole_pass_alone(house: House) -> None:
    (result,) = results_of(lived_in(house))["results"]

    (finding,) = result["findings"]
    assert finding["target"]["target-id"] == "control-1"
    assert finding["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    seen = {part["uuid"] for part in result["observations"]}
    assert {each["observation-uuid"] for each in finding["related-observations"]} == seen
    risks = {part["uuid"]: part["status"] for part in result["risks"]}
    assert sorted(risks.values()) == ["deviation-approved", "open"]
    assert {each["risk-uuid"] for each in finding["related-risks"]} == set(risks)


def test_what_is_waived_is_a_risk_with_its_approver_and_no_item(house: House) -> None:
    document = poam_of(lived_in(house))

    (item,) = document["poam-items"]
    assert "it is open" in item["description"]
    assert "Close it." in item["description"]
    (waived,) = [risk for risk in document["risks"] if risk["status"] == "deviation-approved"]
    (entry,) = waived["risk-log"]["entries"]
    people = {each["uuid"]: each["name"] for each in document["metadata"]["parties"]}
    assert people[entry["logged-by"][0]["party-uuid"]] == "the-administrator"
    assert waived["deadline"] == entry["end"]
    assert item["related-risks"][0]["risk-uuid"] != waived["uuid"]


def test_an_item_has_its_owner_and_date_as_of_the_time_that_is_asked_for(house: House) -> None:
    scan = lived_in(house)
    finding = Finding.objects.get(state="open")
    due = timezone.now() + timedelta(days=7)
    ticket = "https://tickets.example/OPS-7"
    triage(
        actor=house.admin,
        findings=[finding.uuid],
        changes={"owner": "owner", "due_at": due, "ticket": ticket},
    )

    def risk_at(at: datetime) -> dict[str, Any]:
        assessment = assess(Basis(scan, ("audit-dev", "audit-prod"), at))
        assert assessment is not None
        document = json.loads(FORMATS["oscal-poam"].render(assessment))
        found: list[dict[str, Any]] = document["plan-of-action-and-milestones"]["risks"]
        (risk,) = [each for each in found if each["status"] == "open"]
        return risk

    planned = risk_at(timezone.now())["remediations"][1]
    assert (planned["lifecycle"], value(planned, "ticket")) == ("planned", ticket)
    (milestone,) = planned["tasks"]
    assert milestone["timing"]["on-date"]["date"].startswith(due.strftime("%FT%T"))
    assert planned["description"] == "Seen to by owner."
    assert value(planned, "due-by") == "date"
    assert risk_at(scan.as_of)["remediations"][1]["description"] == "Seen to by nobody yet."


def test_an_item_without_a_date_of_its_own_is_due_by_the_rule_of_then(house: House) -> None:
    scan = lived_in(house)
    finding = Finding.objects.get(state="open")

    def item(scan: Scan, at: datetime) -> tuple[str | None, str]:
        assessment = assess(Basis(scan, ("audit-dev", "audit-prod"), at))
        assert assessment is not None
        document = json.loads(FORMATS["oscal-poam"].render(assessment))
        found: list[dict[str, Any]] = document["plan-of-action-and-milestones"]["risks"]
        (risk,) = [each for each in found if each["status"] == "open"]
        plan = risk["remediations"][1:]
        return risk.get("deadline"), value(plan[0], "due-by") if plan else ""

    def after(days: int) -> str:
        return f"{finding.opened_at + timedelta(days=days):%FT%T}"

    before = timezone.now()
    deadline, by = item(scan, before)
    assert (str(deadline)[:19], by) == (after(30), "rule")
    days = {"critical": 1, "high": 5, "medium": 9, "low": None}
    due_rules.set_rule(actor=house.admin, workspace="audit-prod", days=days)
    assert str(item(scan, timezone.now())[0])[:19] == after(5)
    assert item(scan, before) == (deadline, "rule")
    due_rules.set_rule(actor=house.admin, workspace="audit-prod", days={**days, "high": None})
    assert item(scan, timezone.now()) == (None, "")


def test_a_question_keeps_its_identifiers_from_scan_to_scan(house: House) -> None:
    first = lived_in(house)
    second = scan_again(house)

    assert rendered(first, "oscal-results") == rendered(first, "oscal-results")
    assert results_of(first)["uuid"] != results_of(second)["uuid"]
    items = [poam_of(scan)["poam-items"][0]["uuid"] for scan in (first, second)]
    assert items[0] == items[1]


@pytest.mark.slow
@pytest.mark.interop
@pytest.mark.parametrize("passes", ["listed", "counted"])
def test_compliance_trestle_takes_both_documents(house: House, tmp_path: Path, passes: str) -> None:
    scan = lived_in(house)
    open_one = Finding.objects.get(state="open")
    changes = {"owner": "owner", "due_at": timezone.now() + timedelta(days=7)}
    triage(actor=house.admin, findings=[open_one.uuid], changes=changes)
    assessment = assess(Basis(scan, ("audit-dev", "audit-prod"), timezone.now()))
    assert assessment is not None
    try:
        folder = environment("compliance-trestle-5.2.0", [TRESTLE])
    except PartMissing as error:
        missing(str(error))
    paths = []
    for name in ("oscal-results", "oscal-poam"):
        paths.append(tmp_path / f"{name}.json")
        paths[-1].write_bytes(FORMATS[name].render(replace(assessment, passes=passes)))

    done = subprocess.run(
        [str(folder / "bin" / "python"), "-c", READ, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (result,) = results_of(scan)["results"]
    assert done.stdout.split() == [str(len(result["observations"])), "1"]
