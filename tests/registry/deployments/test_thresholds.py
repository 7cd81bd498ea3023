"""Thresholds on what deployments serve."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import InvalidInput
from core.journal import decode
from core.models import Task
from core.tasks import claim_and_run
from registry.models import ThresholdBreach
from registry.services.deployments import checks
from registry.services.serving import drafts, thresholds, watching
from tests.registry.deployments.conftest import Site, journalled
from tests.registry.deployments.test_serving import NOON, report, window


def limit(site: Site, **bound: Any) -> Any:
    terms: dict[str, Any] = {"measure": "error_rate", "period": "day", "bound": "0.05"} | bound
    name = terms.pop("name", "failures")
    return thresholds.set_threshold(
        actor=site.deployer,
        deployment=site.deployment.uuid,
        name=name,
        bound=thresholds.Bound(**terms),
    )


def hold(site: Site, at: datetime) -> list[str]:
    return watching.hold(site.deployment, now=at)


def test_a_measure_beyond_its_bound_is_a_breach_until_it_is_back(site: Site) -> None:
    limit(site)
    report(site, window(site, errors=50))

    assert hold(site, NOON + timedelta(hours=1)) == ["breached"]
    assert hold(site, NOON + timedelta(hours=2)) == []
    report(site, window(site, start=NOON + timedelta(hours=3), requests=10_000, errors=0))
    assert hold(site, NOON + timedelta(hours=4)) == ["recovered"]

    (breached,) = journalled("registry.threshold.breached")
    (recovered,) = journalled("registry.threshold.recovered")
    assert decode(breached)["data"]["value"] == "0.5"
    assert decode(breached)["data"]["rule"]["bound"] == "0.05"
    assert decode(recovered)["data"]["breach"] == decode(breached)["data"]["breach"]


def test_a_budget_is_breached_by_exactly_what_is_beyond_it_and_a_new_month_recovers(
    site: Site,
) -> None:
    limit(site, measure="cost", period="month", bound="0.3", currency="EUR")
    report(site, window(site, cost="0.1", currency="EUR"))
    later = NOON + timedelta(hours=1)
    report(site, window(site, start=later, cost="0.2", currency="EUR"))
    report(site, window(site, start=later, cost="99", currency="USD"), source="another")
    assert hold(site, NOON + timedelta(hours=2)) == []

    last = NOON + timedelta(hours=3)
    report(site, window(site, start=last, cost="0.000000001", currency="EUR"))
    assert hold(site, NOON + timedelta(hours=4)) == ["breached"]
    assert hold(site, NOON + timedelta(days=40)) == ["recovered"]


MEASURES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "latency": ({"measure": "latency_p95", "bound": "150"}, {"latency": {"p95": 151.0}}),
    "blocks": (
        {"measure": "block_rate", "bound": "0.1"},
        {"blocks": [{"side": "input", "category": "hate", "count": 11}]},
    ),
    "quality": (
        {"measure": "quality", "bound": "4", "metric": "fluency", "evaluator": "judge"},
        {"quality": [{"name": "fluency", "evaluator": "judge", "value": 3.9, "samples": 5}]},
    ),
}


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_held_against_its_bound(site: Site, name: str) -> None:
    bound, told = MEASURES[name]
    limit(site, **bound)
    assert hold(site, NOON + timedelta(hours=1)) == []

    report(site, window(site, **told))
    assert hold(site, NOON + timedelta(hours=1)) == ["breached"]


def test_a_day_that_is_told_when_it_is_over_is_held_too(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SKEW", timedelta(days=5))
    rule = limit(site)
    day = timezone.now() + timedelta(days=3)
    report(site, window(site, start=day, errors=50))

    assert hold(site, day + timedelta(days=1)) == ["breached", "recovered"]
    assert hold(site, day + timedelta(days=1)) == []
    breach = ThresholdBreach.objects.get(rule=rule)
    assert breach.period_start.date() == day.date()


def test_a_threshold_that_denies_keeps_the_deployment_from_serving_while_it_is_breached(
    site: Site,
) -> None:
    rule = limit(site, effect="deny")
    report(site, window(site, errors=50))
    hold(site, NOON + timedelta(hours=1))
    denied = checks.check(actor=site.deployer, deployment=site.deployment.uuid)
    thresholds.end_threshold(actor=site.deployer, threshold=rule.uuid)
    assert hold(site, NOON + timedelta(hours=2)) == ["recovered"]

    assert [each["code"] for each in denied.reasons()] == ["threshold_denies"]
    assert checks.check(actor=site.deployer, deployment=site.deployment.uuid).is_allowed


def test_windows_that_arrive_are_held_against_the_thresholds_by_a_task(site: Site) -> None:
    limit(site)
    report(site, window(site, start=timezone.now() - timedelta(minutes=6), errors=50))
    assert Task.objects.filter(name="registry.evaluate_thresholds", state="queued").count() == 1
    while claim_and_run():
        pass

    assert len(journalled("registry.threshold.breached")) == 1


@pytest.mark.parametrize(
    ("bound", "field"),
    [
        ({"bound": "NaN"}, "bound"),
        ({"bound": "1e5"}, "bound"),
        ({"bound": "-1"}, "bound"),
        ({"bound": "2"}, "bound"),
        ({"measure": "cost"}, "currency"),
        ({"measure": "quality"}, "metric"),
        ({"measure": "speed"}, "measure"),
        ({"period": "year"}, "period"),
        ({"effect": "explode"}, "effect"),
        ({"severity": "dire"}, "severity"),
    ],
)
def test_a_bad_threshold_is_refused_with_its_field(
    site: Site, bound: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        limit(site, **bound)

    assert caught.value.errors[0].field == field
