"""What a report can be of: workspaces or the organisation as of a time, a version, a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.dossiers.formats import DOSSIER_FORMATS, formats_of
from audits.models import Report, Scan
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.offered import NAMES, journal_key
from audits.services.transparency import integration
from core import consumers
from core.models import Task
from core.sequencer import sequence_pending
from registry.models import AssetVersion
from tests.audits.conftest import finish_tasks
from tests.audits.estate import lived_in, scan
from tests.audits.reports.estate import supporting
from tests.factories import make_prompt, reference
from tests.policies.estate import OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from tests.audits.conftest import House

REPORTS = "/api/audits/reports/"


def asked(house: House, body: dict[str, Any]) -> dict[str, Any]:
    """The report that the administrator asks for, made."""
    answer = house.client(house.admin).post(REPORTS, body)
    assert answer.status_code == 202, answer.json()
    finish_tasks()
    done: dict[str, Any] = (
        house.client(house.admin).get(f"{REPORTS}{answer.json()['uuid']}/").json()
    )
    assert done["status"] == "completed", done
    return done


def told(house: House, body: dict[str, Any]) -> dict[str, Any]:
    """What such a report says."""
    done = asked(house, {**body, "formats": ["json"]})
    path = f"{REPORTS}{done['uuid']}/download/"
    document: dict[str, Any] = house.client(house.admin).get(path, {"format": "json"}).json()
    return document


def test_a_past_time_leads_to_the_newest_scan_by_then(house: House) -> None:
    first = lived_in(house)
    between = timezone.now().isoformat()
    submit(house.prod, OPEN, external_id="later")
    later = scan(house)

    body = {"workspaces": ["audit-prod"], "as_of": between}
    past = told(house, body)

    assert past["scan"]["uuid"] == str(first.uuid) != str(later.uuid)
    assert [place["slug"] for place in past["scan"]["workspaces"]] == ["audit-prod"]
    assert past["basis"]["kind"] == "workspaces"
    results = [result for policy in past["policies"] for result in policy["results"]]
    assert {result["workspace"] for result in results} == {"audit-prod"}
    assert past["coverage"]["population"] == len(results) < first.results.count()
    assert "later" not in str(results)
    assert Scan.objects.count() == 2
    assert told(house, body) == past


def test_the_organisation_can_be_asked_for_as_it_is_and_as_it_was(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    now = told(house, {"organisation": True})
    then = told(house, {"organisation": True, "as_of": timezone.now().isoformat()})

    assert now["basis"]["kind"] == then["basis"]["kind"] == "organisation"
    assert now["scan"] == then["scan"]
    member = house.client(house.member("auditor", dev="auditor", prod="auditor"))
    assert member.post(REPORTS, {"organisation": True}).status_code == 403


def test_a_report_about_a_version_tells_of_its_protected_aliases_alone(house: House) -> None:
    rule = make_policy(kinds=("promotion",))
    assign(rule, house.prod, "audit")
    lived_in(house)
    make_prompt(house.prod, name="other", aliases=["production"])
    scan(house)
    version = AssetVersion.objects.get(asset__workspace=house.prod, asset__name="answer")

    body = {"version": reference(version), "as_of": timezone.now().isoformat()}
    document = told(house, body)

    assert document["basis"]["kind"] == "version"
    assert document["basis"]["version"]["members"] == ["audit-prod/prompt/answer/1"]
    assert document["title"] == "Policy assessment of audit-prod/prompt/answer/1"
    assert [item["version"] for item in document["inventory"]] == ["audit-prod/prompt/answer/1"]
    subjects = {each["subject"] for policy in document["policies"] for each in policy["results"]}
    assert subjects == {"audit-prod/prompt/answer@production"}
    assert told(house, body) == document


def test_a_report_about_a_version_has_its_dossier_in_every_form(house: House) -> None:
    lived_in(house)

    done = asked(house, {"version": "audit-prod/prompt/answer/1"})

    names = {file["format"] for file in done["files"]}
    assert {*STANDARD, *formats_of("prompt")} == names
    client = house.client(house.admin)
    path = f"{REPORTS}{done['uuid']}/download/"
    dossier = client.get(path, {"format": "dossier"})
    assert dossier.json()["as_of"] == done["as_of"].replace("+00:00", "Z")
    assert dossier.headers["Content-Disposition"].endswith('.dossier.json"')
    unscanned = reference(make_prompt(house.dev, name="unscanned"))
    alone = asked(house, {"version": unscanned, "as_of": timezone.now().isoformat()})
    assert {file["format"] for file in alone["files"]} >= {"dossier"}


def test_no_two_forms_bear_one_name() -> None:
    assert not FORMATS.keys() & DOSSIER_FORMATS.keys()
    assert len({journal_key(name) for name in NAMES}) == len(NAMES)


def test_a_report_of_a_framework_has_its_controls_titles_and_gaps(house: House) -> None:
    assign(supporting("eu-ai-act/art-15.5", "soc2/CC6.1"), house.prod, "audit")
    assign(supporting("soc2/CC6.1"), house.prod, "audit")
    submit(house.prod, OPEN, external_id="open")
    done = scan(house)

    document = told(house, {"scan": str(done.uuid), "framework": "eu-ai-act"})

    (control,) = document["controls"]
    assert control["reference"] == "eu-ai-act/art-15.5"
    assert control["title"] == "Accuracy, robustness and cybersecurity"
    assert len(document["policies"]) == 1
    (catalogue,) = document["catalogues"]
    assert (catalogue["name"], catalogue["supported"]) == ("eu-ai-act", 1)
    assert catalogue["controls"] == 1 + len(catalogue["gaps"])
    assert "eu-ai-act/art-4" in {gap["reference"] for gap in catalogue["gaps"]}


def test_a_report_waits_for_the_signed_tree_that_covers_its_scan(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    sequence_pending()
    integration.integrate(at_once=True)
    client = house.client(house.admin)
    answer = client.post(REPORTS, {"workspaces": ["audit-dev"], "formats": ["json"]}).json()
    sequence_pending()
    finish_tasks()
    waiting = Report.objects.select_related("task").get(uuid=answer["uuid"])
    assert (waiting.status, waiting.task.attempts) == ("queued", 0)  # type: ignore[union-attr]
    assert waiting.task.message == "waiting for the log and the lineage of that time"  # type: ignore[union-attr]

    while sequence_pending() or consumers.drain_all():
        pass
    integration.integrate(at_once=True)
    Task.objects.update(run_after=timezone.now())
    finish_tasks()

    document = client.get(f"{REPORTS}{answer['uuid']}/download/", {"format": "json"}).json()
    assert document["checkpoint"]["size"] > document["scan"]["journal_head"]
    note = document["checkpoint"]["note"]
    assert note.startswith(
        f"{document['checkpoint']['origin']}\n{document['checkpoint']['size']}\n"
    )
    assert document["checkpoint"]["keys"]


def test_a_report_about_a_version_is_for_who_may_scan_its_workspace(house: House) -> None:
    lived_in(house)
    report = asked(house, {"version": "audit-prod/prompt/answer/1", "formats": ["json"]})
    of_prod = house.client(house.member("prod-auditor", prod="auditor"))
    of_dev = house.client(house.member("dev-auditor", dev="auditor"))

    assert of_prod.get(f"{REPORTS}{report['uuid']}/").json()["workspaces"] == ["audit-prod"]
    assert of_dev.get(f"{REPORTS}{report['uuid']}/").status_code == 404
    reader = house.client(house.member("reader", prod="reader"))
    body = {"version": "audit-prod/prompt/answer/1"}
    assert reader.post(REPORTS, body).status_code == 403
    assert of_dev.post(REPORTS, body).json()["errors"][0]["field"] == "version"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"organisation": False}, "scan"),
        ({"organisation": True, "workspaces": ["audit-dev"]}, "scan"),
        ({"workspaces": ["audit-dev"], "as_of": "2020-01-01T00:00:00Z"}, "as_of"),
        ({"organisation": True, "as_of": "2020-01-01T00:00:00Z"}, "as_of"),
        ({"workspaces": ["audit-dev"], "as_of": "2999-01-01T00:00:00Z"}, "as_of"),
        ({"workspaces": ["audit-dev"], "framework": "no-such"}, "framework"),
        ({"version": "audit-dev/prompt/none/1"}, "version"),
        ({"version": "audit-dev/prompt/greet/1", "as_of": "2020-01-01T00:00:00Z"}, "as_of"),
        ({"version": "audit-dev/prompt/greet/1", "formats": ["csv"]}, "formats"),
        ({"workspaces": ["audit-dev"], "formats": ["dossier"]}, "formats"),
    ],
)
def test_a_basis_that_there_is_none_of_is_told(
    house: House, body: dict[str, Any], field: str
) -> None:
    make_prompt(house.dev, name="greet")

    answer = house.client(house.admin).post(REPORTS, body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Report.objects.exists()
    assert not Scan.objects.exists()


def test_a_scan_that_is_too_large_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    done = lived_in(house)
    monkeypatch.setattr("audits.services.report_bases.MAX_RESULTS", 6)

    answer = house.client(house.admin).post(REPORTS, {"scan": str(done.uuid)})

    assert answer.status_code == 400
    assert "has 7 results" in answer.json()["errors"][0]["reason"]
    monkeypatch.undo()
    monkeypatch.setattr("audits.services.report_bases.MAX_DETAILED", 2)
    answer = house.client(house.admin).post(REPORTS, {"scan": str(done.uuid)})
    assert "did not pass" in answer.json()["errors"][0]["reason"]
    assert not Report.objects.exists()
    about = {"version": "audit-prod/prompt/answer/1", "formats": ["json"]}
    assert asked(house, about)["status"] == "completed"
