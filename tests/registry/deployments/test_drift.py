"""Drift: what is served moves away from a pinned baseline, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.tasks import claim_and_run, enqueue
from registry.models import DriftBaseline, DriftCheck, DriftResult
from registry.services.serving import baselines, drift_checks, drifting
from tests.factories import member
from tests.registry.deployments.conftest import Site, journalled, make_site
from tests.registry.deployments.test_samples import collect, sample
from tests.registry.deployments.test_serving import NOON, report, window


def pin(site: Site, **options: Any) -> DriftBaseline:
    given: dict[str, Any] = {"feature": "length", "values": list(range(100))} | options
    return baselines.pin(actor=site.deployer, deployment=site.deployment.uuid, **given)


def compare(site: Site, baseline: DriftBaseline | None, /, **options: Any) -> DriftCheck:
    terms: dict[str, Any] = {
        "method": "ks",
        "bound": 0.2,
        "least_samples": 10,
        "baseline": baseline.uuid if baseline else None,
    } | options
    return drift_checks.set_drift_check(
        actor=site.deployer,
        deployment=site.deployment.uuid,
        name="lengths",
        comparison=drift_checks.Comparison(**terms),
    )


def served(site: Site, values: list[Any], *, at: Any = NOON, feature: str = "length") -> None:
    told = [
        sample(site, external_id=f"{at:%d%H}-{index}", occurred_at=at, features={feature: value})
        for index, value in enumerate(values)
    ]
    collect(site, *told)


def measure(check: DriftCheck, at: Any) -> DriftResult:
    result = drifting.measure(check, now=at)
    assert result is not None
    return result


def test_samples_far_from_the_baseline_are_drift_until_they_are_back(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, list(range(0, 100, 2)))
    served(site, [value + 50 for value in range(0, 100, 2)], at=NOON + timedelta(days=1))
    served(site, list(range(0, 100, 2)), at=NOON + timedelta(days=2))

    found = [measure(check, NOON + timedelta(days=day, hours=1)) for day in range(3)]

    assert [result.is_drifted for result in found] == [False, True, False]
    assert found[1].value == pytest.approx(0.5, abs=0.02)
    (detected,), (ended,) = (
        journalled("registry.drift.detected"),
        journalled("registry.drift.ended"),
    )
    assert decode(detected)["data"]["result"] == str(found[1].uuid)
    assert decode(detected)["data"]["bound"] == "0.2"
    assert decode(ended)["data"]["result"] == str(found[2].uuid)


def test_categories_are_compared_by_their_counts(site: Site) -> None:
    check = compare(
        site,
        pin(site, feature="language", values=None, counts={"en": 90, "de": 10}),
        method="psi",
    )
    served(site, ["de"] * 9 + ["en"] * 1 + [7], feature="language")

    result = measure(check, NOON + timedelta(hours=1))

    # (0.1 - 0.9) ln(0.1 / 0.9) + (0.9 - 0.1) ln(0.9 / 0.1)
    assert result.value == pytest.approx(3.5155, abs=1e-3)
    assert (result.samples, result.detail) == (10, {"skipped": 1})


def test_a_quality_metric_of_the_windows_drifts_too(site: Site) -> None:
    check = compare(
        site,
        pin(site, feature="fluency", values=[4.0, 4.1, 4.2], evaluator="judge"),
        method="js",
        least_samples=2,
    )
    for index, value in enumerate((1.0, 1.1)):
        told = [{"name": "fluency", "evaluator": "judge", "value": value, "samples": 5}]
        report(site, window(site, start=NOON + timedelta(minutes=5 * index), quality=told))
    other = [{"name": "fluency", "evaluator": "another", "value": 4.0, "samples": 5}]
    report(site, window(site, start=NOON + timedelta(minutes=20), quality=other))

    result = measure(check, NOON + timedelta(hours=1))

    assert (result.samples, result.is_drifted) == (2, True)


def test_too_few_samples_say_nothing_and_leave_drift_as_it_stands(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, [500] * 20)
    assert measure(check, NOON + timedelta(hours=1)).is_drifted
    served(site, [50] * 3, at=NOON + timedelta(days=1))

    silent = measure(check, NOON + timedelta(days=1, hours=1))

    assert (silent.value, silent.is_drifted, silent.samples) == (None, None, 3)
    assert journalled("registry.drift.ended") == []


def test_a_comparison_that_ends_ends_its_drift_and_measures_no_more(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, [500] * 20)
    measure(check, NOON + timedelta(hours=1))

    drift_checks.end_drift_check(actor=site.deployer, check=check.uuid)

    assert len(journalled("registry.drift.ended")) == 1
    assert drifting.measure(check, now=NOON + timedelta(hours=2)) is None
    with pytest.raises(Conflict):
        drift_checks.end_drift_check(actor=site.deployer, check=check.uuid)


def test_the_same_window_is_measured_once(site: Site) -> None:
    check = compare(site, pin(site))
    served(site, [500] * 20)

    assert drifting.measure(check, now=NOON + timedelta(hours=1)) is not None
    assert drifting.measure(check, now=NOON + timedelta(hours=1)) is None
    assert len(journalled("registry.drift.detected")) == 1


def test_a_task_measures_on_demand_and_the_hourly_one_what_is_due(site: Site) -> None:
    check = compare(site, pin(site), every_hours=24)
    served(site, [500] * 20, at=timezone.now() - timedelta(hours=2))
    drift_checks.request_measurement(actor=site.deployer, check=check.uuid)
    while claim_and_run():
        pass
    assert check.results.count() == 1

    enqueue(drift_checks.TASK)
    while claim_and_run():
        pass
    assert check.results.count() == 1  # its day is not over
    other = compare(site, pin(site), every_hours=1)
    enqueue(drift_checks.TASK)
    while claim_and_run():
        pass
    assert [result.is_drifted for result in other.results.all()] == [True]


def test_own_values_come_from_their_evaluator_and_are_told_once(site: Site) -> None:
    check = compare(site, None, method="own", evaluator="drift-tool", bound=3.0)
    options: dict[str, Any] = {
        "actor": site.deployer,
        "check": check.uuid,
        "window_start": NOON,
        "window_end": NOON + timedelta(hours=1),
        "samples": 40,
    }

    first = drifting.report_value(value=3.5, **options)

    assert drifting.report_value(value=3.5, **options).pk == first.pk
    with pytest.raises(Conflict):
        drifting.report_value(value=2.0, **options)
    earlier = options | {"window_start": NOON - timedelta(days=1), "window_end": NOON}
    drifting.report_value(value=0.0, **earlier)  # late, and about the past
    assert journalled("registry.drift.ended") == []
    (detected,) = journalled("registry.drift.detected")
    assert decode(detected)["data"]["evaluator"] == "drift-tool"
    assert len(journalled("registry.drift.reported")) == 2
    with pytest.raises(AccessDenied):
        drifting.report_value(value=1.0, **(options | {"actor": member(site.team.prod, "reader")}))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"method": "chi"}, "method"),
        ({"method": "own"}, "baseline"),
        ({"method": "own", "baseline": None}, "evaluator"),
        ({"baseline": None}, "baseline"),
        ({"evaluator": "judge"}, "evaluator"),
        ({"bound": float("nan")}, "bound"),
        ({"bound": -0.1}, "bound"),
        ({"bound": 1.0}, "bound"),
        ({"window_hours": 0}, "window_hours"),
        ({"least_samples": 10**9}, "least_samples"),
    ],
)
def test_a_bad_comparison_is_refused_with_its_field(
    site: Site, terms: dict[str, Any], field: str
) -> None:
    standing = {"baseline": pin(site).uuid}

    with pytest.raises(InvalidInput) as caught:
        compare(site, None, **(standing | terms))

    assert caught.value.errors[0].field == field


def test_numbers_and_categories_do_not_mix_nor_deployments(site: Site) -> None:
    counted = pin(site, values=None, counts={"a": 1})
    foreign = pin(make_site())

    for baseline, field in ((counted, "method"), (foreign, "baseline")):
        with pytest.raises(InvalidInput) as caught:
            compare(site, baseline)
        assert caught.value.errors[0].field == field


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"values": None}, "values"),
        ({"counts": {"a": 1}}, "values"),
        ({"values": []}, "values"),
        ({"values": [1.0, float("inf")]}, "values[1]"),
        ({"values": None, "counts": {"a": 0}}, "counts"),
        ({"values": None, "counts": {"a\x00": 1}}, "counts"),
        ({"feature": ""}, "feature"),
        ({"feature": "\x00"}, "feature"),
        ({"dataset": "nowhere/model/x/1"}, "dataset"),
    ],
)
def test_a_bad_baseline_is_refused_with_its_field(
    site: Site, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        pin(site, **options)

    assert caught.value.errors[0].field == field
