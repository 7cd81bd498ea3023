"""Breaches of thresholds and drift as findings, told by the journal."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audits.consumer import FindingConsumer
from audits.models import Finding, ReportFile, Sighting
from audits.services import reports
from core import consumers, sequencer
from core.journal import decode
from core.models import ConsumerCursor, JournalEntry, JournalSequence
from registry.services.serving import drift_checks, thresholds
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled
from tests.console.pages import browser
from tests.factories import administrator, make_actor, member, token_client
from tests.registry.deployments.conftest import Site, make_site
from tests.registry.deployments.test_drift import compare, measure, pin, served
from tests.registry.deployments.test_serving import NOON, report, window
from tests.registry.deployments.test_thresholds import hold, limit

HOUR = timedelta(hours=1)
ACTIONS = ("registry.threshold.breached", "registry.threshold.recovered")


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


def drained() -> list[Finding]:
    """The findings once every consumer was told."""
    while sequencer.sequence_pending() or consumers.drain_all():
        pass
    return list(Finding.objects.order_by("id"))


def breach(site: Site) -> None:
    """Errors beyond the bound, noticed."""
    report(site, window(site, errors=50))
    assert hold(site, NOON + HOUR / 2) == ["breached"]


def recover(site: Site, hour: int) -> None:
    """So many good answers that the day is within the bound again, noticed."""
    at = NOON + hour * HOUR
    report(site, window(site, start=at, requests=100_000, errors=0))
    assert hold(site, at + HOUR / 2) == ["recovered"]


def told(*actions: str) -> list[Any]:
    """The journal entries of those actions as consumers see them, in order."""
    rows = JournalSequence.objects.filter(entry__action__in=actions or ACTIONS)
    found = rows.select_related("entry").order_by("seq")
    return [consumers.sequenced(row) for row in found]


def columns(finding: Finding) -> dict[str, Any]:
    """How a finding stands, whatever its keys are."""
    return {
        name: getattr(finding, name)
        for name in (
            "identity",
            "state",
            "resolution",
            "severity",
            "first_seen_at",
            "last_seen_at",
            "resolved_at",
            "regressions",
        )
    }


def test_a_breach_opens_a_finding_with_its_evidence(site: Site) -> None:
    limit(site, severity="critical")
    breach(site)

    (finding,) = drained()

    assert (finding.state, finding.origin, finding.severity) == ("open", "threshold", "critical")
    assert (finding.deployment, finding.subject) == (site.deployment, site.deployment.reference)
    assert finding.title == "Threshold failures breached"
    assert finding.reasons == [
        {"path": "", "msg": "error rate is 0.5 in the day, the bound is 0.05"}
    ]
    (entry,) = told("registry.threshold.breached")
    sighting = finding.latest_sighting
    assert sighting is not None
    assert (sighting.entry_seq, sighting.entry_uuid) == (entry.seq, entry.uuid)
    assert (sighting.value, sighting.bound) == ("0.5", "0.05")
    (opened,) = journalled("audits.finding.opened")
    assert decode(opened)["data"]["entry"] == str(entry.uuid)


def test_the_end_of_a_breach_resolves_the_finding_and_another_one_is_a_regression(
    site: Site,
) -> None:
    limit(site)
    breach(site)
    recover(site, hour=1)
    (finding,) = drained()
    assert (finding.state, finding.resolution) == ("resolved", "recovered")
    assert finding.resolved_at == told()[-1].occurred_at

    tomorrow = NOON + timedelta(days=1)
    report(site, window(site, start=tomorrow, errors=50))
    assert hold(site, tomorrow + HOUR) == ["breached"]
    (back,) = drained()
    assert (back.pk, back.state, back.regressions) == (finding.pk, "open", 1)
    assert back.first_seen_at == finding.first_seen_at < back.last_seen_at
    assert [len(journalled(f"audits.finding.{name}")) for name in ("opened", "reopened")] == [1, 1]


def test_a_breach_whose_threshold_ended_is_out_of_scope_and_not_recovered(site: Site) -> None:
    rule = limit(site)
    breach(site)
    thresholds.end_threshold(actor=site.deployer, threshold=rule.uuid)
    hold(site, NOON + HOUR)

    (finding,) = drained()

    assert (finding.state, finding.resolution) == ("resolved", "out_of_scope")


def test_a_bound_that_is_set_anew_goes_on_with_the_same_finding(site: Site) -> None:
    limit(site)
    breach(site)
    limit(site, bound="0.1", severity="high")
    assert hold(site, NOON + HOUR) == ["recovered", "breached"]

    (finding,) = drained()

    assert (finding.state, finding.severity, finding.regressions) == ("open", "high", 1)


def test_telling_all_entries_again_from_the_start_changes_nothing(site: Site) -> None:
    limit(site)
    breach(site)
    recover(site, hour=1)
    before = [columns(each) for each in drained()]
    entries = JournalEntry.objects.count()

    ConsumerCursor.objects.filter(consumer=FindingConsumer.name).update(seq=-1)
    after = [columns(each) for each in drained()]

    assert after == before
    assert Sighting.objects.count() == 2
    assert JournalEntry.objects.count() == entries


def test_a_finding_stands_the_same_in_whatever_order_its_entries_come(site: Site) -> None:
    limit(site)
    breach(site)
    recover(site, hour=1)
    tomorrow = NOON + timedelta(days=1)
    report(site, window(site, start=tomorrow, errors=50))
    assert hold(site, tomorrow + HOUR) == ["breached"]
    while sequencer.sequence_pending():
        pass
    entries = told()
    assert len(entries) == 3

    stood = []
    for order in itertools.permutations(entries):
        with transaction.atomic():
            for entry in order:
                FindingConsumer().consume(entry)
            stood.append(columns(Finding.objects.get()))
            transaction.set_rollback(True)

    assert all(each == stood[0] for each in stood)
    assert (stood[0]["state"], stood[0]["regressions"]) == ("open", 1)


def test_an_end_without_a_beginning_opens_nothing(site: Site) -> None:
    limit(site)
    breach(site)
    recover(site, hour=1)
    while sequencer.sequence_pending():
        pass
    began, ended = told()

    FindingConsumer().consume(ended)
    assert not Finding.objects.exists()
    FindingConsumer().consume(began)

    finding = Finding.objects.get()
    assert (finding.state, finding.resolved_at) == ("resolved", ended.occurred_at)
    assert [len(journalled(f"audits.finding.{name}")) for name in ("opened", "resolved")] == [1, 1]


def test_the_consumer_is_told_of_breaches_alone(site: Site) -> None:
    limit(site)
    breach(site)
    drained()
    rows = JournalSequence.objects.select_related("entry").order_by("seq")
    entries = [consumers.sequenced(row) for row in rows]

    wanted = FindingConsumer().select(entries)

    assert [entry.action for entry in wanted] == ["registry.threshold.breached"]
    assert len(entries) > 1


def test_drift_is_a_finding_until_what_is_served_is_back(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, [value + 50 for value in range(0, 100, 2)])
    measure(check, NOON + HOUR)

    (finding,) = drained()
    assert (finding.state, finding.origin, finding.severity) == ("open", "drift", "medium")
    assert finding.title == "Drift of lengths"
    assert finding.reasons[0]["msg"].startswith("ks is 0.5")

    served(site, list(range(0, 100, 2)), at=NOON + timedelta(days=1))
    measure(check, NOON + timedelta(days=1, hours=1))
    (finding,) = drained()
    assert (finding.state, finding.resolution) == ("resolved", "recovered")


def test_drift_that_nobody_looks_for_any_more_is_out_of_scope(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, [value + 50 for value in range(0, 100, 2)])
    measure(check, NOON + HOUR)
    drift_checks.end_drift_check(actor=site.deployer, check=check.uuid)

    (finding,) = drained()

    assert (finding.state, finding.resolution) == ("resolved", "out_of_scope")


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
    change = reverse("admin:audits_finding_change", args=[finding.pk])

    for address in (
        reverse("admin:console_deployment", args=[site.deployment.uuid]),
        reverse("admin:registry_workspace_change", args=[site.team.prod.pk]),
        reverse("admin:index"),
        reverse("admin:audits_finding_changelist"),
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
    asked = reports.request(actor=administrator(), workspaces=[site.team.prod.slug])
    finish_tasks()
    first = files(asked.pk)
    recover(site, hour=1)
    drained()
    again = reports.request(actor=administrator(), scan=asked.scan.uuid)
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
    reports.request(actor=administrator(), workspaces=[site.team.prod.slug])
    finish_tasks()

    assert [columns(each) for each in Finding.objects.all()] == before


def test_the_database_keeps_a_finding_from_being_of_both_kinds(site: Site) -> None:
    limit(site)
    breach(site)
    drained()

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(latest_sighting=None)


def files(report_pk: int) -> dict[str, bytes]:
    """The files of a report by format."""
    found = ReportFile.objects.filter(report=report_pk)
    return {file.format: bytes(file.body) for file in found}
