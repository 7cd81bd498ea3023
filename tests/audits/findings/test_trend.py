"""How findings went over time, held against a replay of all that is known."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.models import Finding, FindingTransition
from audits.queries.due import SEVERITIES
from audits.queries.trend import TrendQuery, trend_of
from audits.services import triage
from tests.audits.estate import scan
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from audits.queries.trend import Trend
    from tests.audits.conftest import House

ADDRESS = "/api/audits/findings/trend/"
DAYS = 20
# What the fixture found is of now: later than every day that is asked about.
LAST = datetime.combine(timezone.now().date() - timedelta(days=30), time.max, tzinfo=UTC)
FIRST = LAST - timedelta(days=DAYS)


def wander(finding: Finding, *, seed: int) -> list[FindingTransition]:
    """A past of the finding, from before the first day."""
    chance = random.Random(seed)
    at, opened = FIRST - timedelta(days=3), FIRST - timedelta(days=3)
    state = severity = ""
    moves = []
    while at < LAST:
        now, grade = chance.choice(("open", "exempt", "resolved")), chance.choice(SEVERITIES)
        if not state:
            now = "open"
        if now != "resolved" and state in {"", "resolved"}:
            opened = at
        if now == "resolved":
            grade = severity
        if (now, grade) != (state, severity):
            moves.append(
                FindingTransition(
                    finding=finding,
                    at=at,
                    was_state=state,
                    was_severity=severity,
                    state=now,
                    severity=grade,
                    resolution=chance.choice(("passed", "out_of_scope"))
                    if now == "resolved"
                    else "",
                    opened_at=opened,
                )
            )
        state, severity = now, grade
        at += timedelta(hours=chance.randrange(1, 60))
    return FindingTransition.objects.bulk_create(moves)


def replayed(moves: list[FindingTransition], day: int) -> dict[str, int]:
    """How many findings were open at the end of a day, by severity: each by its last move."""
    end = datetime.combine((FIRST + timedelta(days=day + 1)).date(), time.max, tzinfo=UTC)
    last = {move.finding_id: move for move in moves if move.at <= end}
    standing = [move.severity for move in last.values() if move.state == "open"]
    return {severity: standing.count(severity) for severity in SEVERITIES}


def ask(house: House, *, days: int = DAYS) -> Trend:
    return trend_of(house.admin, TrendQuery(days=days, until=LAST))


def test_each_day_counts_what_was_open_at_its_end(house: House, failing: list[Finding]) -> None:
    moves = [move for seed, each in enumerate(failing) for move in wander(each, seed=seed)]
    assert len(moves) > 20

    trend = ask(house)

    assert [dict(day.open) for day in trend.days] == [replayed(moves, day) for day in range(DAYS)]
    within = [move for move in moves if move.at.date() >= trend.since]
    back = [move for move in within if move.was_state == "resolved" and move.state != "resolved"]
    over = [move for move in within if move.state == "resolved" and move.resolution == "passed"]
    assert (trend.regressed, trend.mended) == (len(back), len(over))
    for severity in SEVERITIES:
        took = [move.at - move.opened_at for move in over if move.severity == severity]
        mean = round(sum(took, timedelta()).total_seconds() / len(took)) if took else None
        assert trend.mean_seconds[severity] == pytest.approx(mean, abs=1)


def test_what_stands_now_is_grouped(house: House, failing: list[Finding]) -> None:
    for document in (CLOSED, OPEN, CLOSED):
        submit(house.dev, document, external_id="a")
        scan(house, "audit-dev")
    house.member("mender", dev="reader")
    triage.triage(actor=house.admin, findings=[failing[1].uuid], changes={"owner": "mender"})
    trend = trend_of(house.admin, TrendQuery())

    (group,) = trend.groups
    assert (group.name, group.open["high"], group.overdue) == ("audit-dev", 1, 0)
    assert (group.regressed, group.mended) == (1, 2)
    assert group.mean_seconds is not None
    assert trend.unowned == 0
    (by_policy,) = trend_of(house.admin, TrendQuery(by="policy")).groups
    assert by_policy.name == str(failing[0].policy)
    assert (trend.days[-1].open["high"], trend.days[-1].opened) == (1, 2)
    assert trend_of(house.admin, TrendQuery(framework="test")).days == trend.days
    assert trend_of(house.admin, TrendQuery(framework="soc2")).groups == ()


def test_a_trend_costs_the_same_however_long_it_is(
    house: House, failing: list[Finding], django_assert_max_num_queries: Any
) -> None:
    for seed, finding in enumerate(failing):
        wander(finding, seed=seed)

    with django_assert_max_num_queries(9):
        ask(house, days=3)
    with django_assert_max_num_queries(9):
        ask(house, days=400)


def test_a_trend_is_of_what_the_caller_may_see(house: House, failing: list[Finding]) -> None:
    reader = house.client(house.member("a-reader", dev="reader"))
    stranger = house.client(house.member("a-stranger", prod="admin"))

    told = reader.get(ADDRESS, {"days": 2}).json()

    assert (told["days"][-1]["open"]["high"], told["without_owner"]) == (2, 2)
    other = stranger.get(ADDRESS).json()
    assert (other["days"][-1]["open"]["high"], other["groups"]) == (0, [])
    assert stranger.get(ADDRESS, {"workspace": "audit-dev"}).status_code == 400
    assert reader.get(ADDRESS, {"days": 0}).status_code == 400


def test_a_trend_is_taken_out_as_csv(house: House, failing: list[Finding]) -> None:
    answer: Any = house.client(house.admin).get(ADDRESS, {"days": "7", "format": "csv"})

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 7
    assert (rows[-1]["open_high"], rows[-1]["opened"], rows[0]["open_high"]) == ("2", "2", "0")
