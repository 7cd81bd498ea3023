"""What deployments served: windows, sums, samples, thresholds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from registry.models import ServingWindow, WindowBlock
from registry.queries.serving import money, usage_by_day
from registry.services.serving import windows
from tests.factories import member, token_client
from tests.registry.deployments.conftest import Site, journalled, shares

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def window(site: Site, **changes: Any) -> Any:
    start = changes.pop("start", NOON)
    told: dict[str, Any] = {
        "version": site.version.digest,
        "start": start,
        "end": start + timedelta(minutes=5),
        "requests": 100,
        "errors": 2,
    }
    return told | changes


def report(site: Site, *told: Any, **options: Any) -> windows.Taken:
    given: dict[str, Any] = {"actor": site.deployer, "source": "gateway"} | options
    return windows.report(deployment=site.deployment.uuid, windows=told, **given)


def test_a_batch_is_recorded_once_however_often_it_is_told(site: Site) -> None:
    batch = [window(site, start=NOON + timedelta(minutes=5 * index)) for index in range(3)]

    assert report(site, *batch) == windows.Taken(recorded=3, repeated=0)
    assert report(site, *batch[1:], window(site, start=NOON + timedelta(hours=1))) == (
        windows.Taken(recorded=1, repeated=2)
    )
    assert report(site, *batch) == windows.Taken(recorded=0, repeated=3)
    first, second = journalled("registry.serving.reported")
    assert decode(first)["data"]["requests"] == 300
    assert (decode(second)["data"]["count"], decode(second)["data"]["repeated"]) == (1, 2)


def test_telling_a_window_otherwise_is_a_conflict_and_records_nothing(site: Site) -> None:
    report(site, window(site))

    with pytest.raises(Conflict, match=r"windows\[1\]"):
        report(site, window(site, start=NOON + timedelta(hours=2)), window(site, requests=101))

    assert ServingWindow.objects.count() == 1
    assert report(site, window(site, requests=101), source="another").recorded == 1


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no member": ({"version": "sha256:" + "0" * 64}, "windows[0].version"),
    "backwards": ({"end": NOON}, "windows[0].end"),
    "more errors than requests": ({"errors": 101}, "windows[0].errors"),
    "a cost that is no decimal": ({"cost": "1e3", "currency": "EUR"}, "windows[0].cost"),
    "a cost without currency": ({"cost": "1.5"}, "windows[0].currency"),
    "the year one": (
        {"start": datetime(1, 1, 1, tzinfo=UTC), "end": datetime(1, 1, 2, tzinfo=UTC)},
        "windows[0].start",
    ),
    "longer than a month": ({"end": NOON + timedelta(days=32)}, "windows[0].end"),
    "not over yet": (
        {"start": timezone.now(), "end": timezone.now() + timedelta(days=1)},
        "windows[0].end",
    ),
    "more tokens than anybody has": ({"tokens_in": 10**12 + 1}, "windows[0].tokens_in"),
    "fewer than no tokens": ({"tokens_out": -1}, "windows[0].tokens_out"),
    "an age of latency": ({"latency": {"p95": 1e308}}, "windows[0].latency"),
    "an immense quality": (
        {"quality": [{"name": "f", "evaluator": "j", "value": 1e308, "samples": 1}]},
        "windows[0].quality[0].value",
    ),
    "falling percentiles": ({"latency": {"p50": 9.0, "p95": 5.0}}, "windows[0].latency"),
    "no number": ({"latency": {"p50": float("nan")}}, "windows[0].latency"),
    "a count too few": (
        {"latency": {"histogram": {"bounds": [10.0, 20.0], "counts": [1, 2]}}},
        "windows[0].latency.histogram.counts",
    ),
    "a category twice": (
        {"blocks": [{"side": "input", "category": "hate", "count": 1}] * 2},
        "windows[0].blocks",
    ),
    "an endless quality": (
        {"quality": [{"name": "f", "evaluator": "j", "value": float("inf"), "samples": 1}]},
        "windows[0].quality[0].value",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_window_is_refused_with_its_place_and_nothing_is_recorded(
    site: Site, name: str
) -> None:
    changes, field = BAD[name]

    with pytest.raises(InvalidInput) as caught:
        report(site, window(site, **changes))

    assert caught.value.errors[0].field == field
    assert not ServingWindow.objects.exists()


def test_sums_per_day_are_exact_and_tell_the_worst_window(site: Site) -> None:
    other = site.promoted()
    site.revise(members=shares(site.version, other))
    blocks = [{"side": "output", "category": "hate", "count": 3}]
    quality = {"name": "fluency", "evaluator": "judge"}
    report(
        site,
        window(
            site,
            cost="0.1",
            currency="EUR",
            latency={"p95": 80.0},
            blocks=blocks,
            quality=[quality | {"value": 1.0, "samples": 1}],
        ),
        window(
            site,
            start=NOON + timedelta(hours=1),
            cost="0.2",
            currency="EUR",
            latency={"histogram": {"bounds": [100.0, 200.0], "counts": [0, 100, 0]}},
            blocks=blocks,
            quality=[quality | {"value": 4.0, "samples": 2}],
        ),
        window(site, start=NOON + timedelta(days=1), requests=7, errors=0),
    )

    first, second = usage_by_day(
        site.deployer, site.deployment.uuid, since=NOON, until=NOON + timedelta(days=2)
    )

    assert (first["requests"], first["errors"], first["cost"]) == (200, 4, "0.3")
    assert first["latency_p95_worst"] == pytest.approx(195.0)
    assert first["blocks"] == [{"side": "output", "category": "hate", "count": 6}]
    assert first["quality"][0]["mean"] == pytest.approx(3.0)
    assert (second["requests"], second["cost"], second["day"].day) == (7, None, 6)


@pytest.mark.parametrize(
    ("nano", "text"), [(1, "0.000000001"), (1_500_000_000, "1.5"), (0, "0"), (None, None)]
)
def test_money_is_told_as_a_decimal(nano: int | None, text: str | None) -> None:
    assert money(nano) == text


def test_reporting_needs_the_right(site: Site) -> None:
    with pytest.raises(AccessDenied):
        report(site, window(site), actor=member(site.team.prod, "reader"))


def test_windows_are_listed_with_what_hangs_on_them(site: Site) -> None:
    blocks = [{"side": "input", "category": "jailbreak", "count": 2}]
    body = {
        "source": "gateway",
        "windows": [
            {
                "version": site.version.digest,
                "start": "2026-03-05T12:00:00Z",
                "end": "2026-03-05T12:05:00Z",
                "requests": 4,
                "cost": "0.25",
                "currency": "EUR",
                "blocks": blocks,
            }
        ],
    }
    address = f"/api/registry/deployments/{site.deployment.uuid}/windows/"
    client = token_client(site.deployer)

    assert client.post(address, body, format="json").json() == {"recorded": 1, "repeated": 0}
    (row,) = client.get(address).json()["results"]
    assert (row["cost"], row["blocks"], row["source"]) == ("0.25", blocks, "gateway")
    assert WindowBlock.objects.get().count == 2


def test_what_a_source_counted_it_does_not_count_again(site: Site) -> None:
    report(site, window(site))
    inside = window(site, start=NOON + timedelta(minutes=2))
    around = window(site, start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
    after = window(site, start=NOON + timedelta(minutes=5))

    for overlapping in (inside, around):
        with pytest.raises(Conflict, match=r"windows\[1\].*overlaps"):
            report(site, after, overlapping)
    with pytest.raises(Conflict, match="overlaps"):
        report(site, after, window(site, start=NOON + timedelta(minutes=7)))

    assert ServingWindow.objects.count() == 1
    assert report(site, window(site), after).recorded == 1
    assert report(site, inside, source="another").recorded == 1


def test_costs_beyond_what_64_bits_hold_are_added_up_exactly(site: Site) -> None:
    told = [
        window(
            site,
            start=NOON + timedelta(minutes=5 * index),
            cost="999999999.999999999",
            currency="EUR",
        )
        for index in range(20)
    ]
    report(site, *told)

    (day,) = usage_by_day(
        site.deployer, site.deployment.uuid, since=NOON, until=NOON + timedelta(days=1)
    )

    assert day["cost"] == "19999999999.99999998"


def test_a_period_that_begins_before_time_does_is_refused(site: Site) -> None:
    address = f"/api/registry/deployments/{site.deployment.uuid}/usage/?until=0001-01-01T00:00:00Z"

    answer = token_client(site.deployer).get(address)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "until"
