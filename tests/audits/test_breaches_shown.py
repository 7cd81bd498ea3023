"""Findings of breaches where people and programs see them: the API, the pages, the report."""

from __future__ import annotations

import json

from django.urls import reverse

from audits.models import Finding, ReportFile
from audits.services import reports
from audits.services.report_bases import Asked
from core import sequencer
from tests.audits.conftest import finish_tasks
from tests.audits.test_breaches import HOUR, breach, columns, drained, recover, told
from tests.console.pages import browser
from tests.factories import administrator, make_actor, member, token_client
from tests.registry.deployments.conftest import Site
from tests.registry.deployments.test_serving import NOON, report, window
from tests.registry.deployments.test_thresholds import hold, limit


def test_findings_of_deployments_are_read_by_members_of_their_workspace(site: Site) -> None:
    limit(site)
    breach(site)
    (finding,) = drained()
    reader = token_client(member(site.team.prod, "reader"))
    stranger = token_client(make_actor())
    address = f"/api/audits/findings/?deployment={site.deployment.uuid}&origin=threshold"

    (shown,) = reader.get(address).json()["results"]

    assert shown["deployment"] == str(site.deployment.uuid)
    assert (shown["policy"], shown["assignment"], shown["latest"]) == (None, None, None)
    assert shown["evidence"]["seq"] == told()[0].seq
    assert (shown["evidence"]["value"], shown["evidence"]["bound"]) == ("0.5", "0.05")
    assert shown["evidence"]["terms"]["period"] == "day"
    assert reader.get("/api/audits/findings/?origin=policy").json()["results"] == []
    assert stranger.get(address).json()["results"] == []
    assert stranger.get(f"/api/audits/findings/{finding.uuid}/").status_code == 404


def test_pages_show_the_finding_to_whoever_sees_the_deployment(site: Site) -> None:
    limit(site)
    breach(site)
    (finding,) = drained()
    reader = browser(member(site.team.prod, "reader"))
    change = reverse("admin:console_finding", args=[finding.uuid])

    for address in (
        reverse("admin:console_deployment", args=[site.deployment.uuid]),
        reverse("admin:registry_workspace_change", args=[site.team.prod.pk]),
        reverse("admin:index"),
        reverse("admin:console_findings"),
    ):
        shown = reader.get(address).content.decode()
        assert "Threshold failures breached" in shown, address
        assert change in shown, address
    assert "error rate is 0.5 in the day, the bound is 0.05" in reader.get(change).content.decode()
    assert browser(make_actor()).get(change).status_code in (302, 403, 404)


def test_a_report_tells_of_breaches_up_to_its_place_in_the_journal(site: Site) -> None:
    limit(site)
    report(site, window(site, errors=50))
    finish_tasks()  # of today, when nothing was served
    assert hold(site, NOON + HOUR / 2) == ["breached"]
    while sequencer.sequence_pending():
        pass
    asked = reports.request(actor=administrator(), asked=Asked(workspaces=[site.team.prod.slug]))
    finish_tasks()
    first = files(asked.pk)
    recover(site, hour=1)
    drained()
    assert asked.scan is not None
    again = reports.request(actor=administrator(), asked=Asked(scan=asked.scan.uuid))
    finish_tasks()

    (told_of,) = json.loads(first["json"])["breaches"]

    assert (told_of["state"], told_of["value"], told_of["bound"]) == ("open", "0.5", "0.05")
    assert told_of["entry_seq"] == told()[0].seq
    assert "Threshold failures breached" in first["html"].decode()
    assert files(again.pk) == first


def test_a_scan_leaves_findings_alone_that_are_none_of_policies(site: Site) -> None:
    limit(site)
    breach(site)
    before = [columns(each) for each in drained()]
    reports.request(actor=administrator(), asked=Asked(workspaces=[site.team.prod.slug]))
    finish_tasks()

    assert [columns(each) for each in Finding.objects.all()] == before


def files(report_pk: int) -> dict[str, bytes]:
    """The files of a report by format."""
    found = ReportFile.objects.filter(report=report_pk)
    return {file.format: bytes(file.body or b"") for file in found}
