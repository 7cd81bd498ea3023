"""Breaches of thresholds and drift as findings, told by the journal."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audits.consumer import FindingConsumer
from audits.models import Finding, Sighting
from core import consumers, sequencer
from core.journal import decode
from core.models import ConsumerCursor, JournalEntry, JournalSequence
from registry.services.serving import drift_checks, thresholds
from tests.audits.estate import journalled
from tests.registry.deployments.conftest import Site
from tests.registry.deployments.test_drift import compare, measure, pin, served
from tests.registry.deployments.test_serving import NOON, report, window
from tests.registry.deployments.test_thresholds import hold, limit

HOUR = timedelta(hours=1)
ACTIONS = ("registry.threshold.breached", "registry.threshold.recovered")


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


def test_the_database_keeps_a_finding_from_being_of_both_kinds(site: Site) -> None:
    limit(site)
    breach(site)
    drained()

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(latest_sighting=None)
