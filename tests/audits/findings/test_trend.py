"""How findings went over time, held against a replay of all that is known."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.models import DueRule, Finding, FindingChange, FindingTransition
from audits.queries.due import DEFAULT_DAYS, SEVERITIES
from audits.queries.trend import TrendQuery, trend_of
from audits.services import triage
from tests.audits.estate import scan
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from audits.queries.trend import Trend
    from registry.models import Workspace
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


def ruled(place: Workspace | None, *moments: datetime, high: tuple[int | None, ...]) -> None:
    """Rules of a place, one after the other, each from its moment until the next one's."""
    for begins, ends, days in zip(moments, (*moments[1:], None), high, strict=True):
        each: dict[str, Any] = {"critical": 1, "high": days, "medium": 3, "low": None}
        DueRule.objects.create(workspace=place, valid_from=begins, valid_to=ends, **each)


def dated(finding: Finding, *, seed: int) -> list[FindingChange]:
    """Dates that somebody set, and took away again."""
    chance = random.Random(seed)
    changes = []
    for number in range(6):
        at = FIRST + timedelta(hours=chance.randrange(DAYS * 24))
        due = at + timedelta(hours=chance.randrange(1, 90)) if chance.random() < 0.8 else None
        change = {"field": "due", "due_at": due, "changed_at": at}
        changes.append(FindingChange(finding=finding, revision=number + 1, **change))
    return FindingChange.objects.bulk_create(changes)


def is_overdue(moves: list[FindingTransition], dates: list[FindingChange], end: datetime) -> bool:
    """Tell of one finding whether it was open and past its date just before ``end``."""
    known = [move for move in moves if move.at < end]
    if not known or known[-1].state != "open":
        return False
    last = known[-1]
    said = sorted((each for each in dates if each.changed_at < end), key=lambda e: e.changed_at)
    if said and said[-1].due_at is not None and said[-1].changed_at >= last.opened_at:
        return said[-1].due_at < end
    rules = DueRule.objects.as_of(end - timedelta(microseconds=1))
    of_place = rules.filter(workspace=last.finding.workspace_id)
    rule = of_place.first() or rules.filter(workspace=None).first()
    days = getattr(rule, last.severity) if rule else DEFAULT_DAYS[last.severity]
    return days is not None and last.opened_at + timedelta(days=days) < end


@pytest.mark.parametrize("until", [LAST, LAST - timedelta(hours=9, minutes=13)])
def test_each_day_counts_what_was_overdue_at_its_end(
    house: House, failing: list[Finding], until: datetime
) -> None:
    for name in "cdefgh":
        submit(house.dev, OPEN, external_id=name)
    scan(house, "audit-dev")
    found = list(Finding.objects.order_by("subject"))
    moves = {each.pk: wander(each, seed=seed) for seed, each in enumerate(found)}
    dates = {found[0].pk: dated(found[0], seed=5), found[1].pk: dated(found[1], seed=9)}
    ruled(None, FIRST + timedelta(days=2), FIRST + timedelta(days=9.4), high=(1, 4))
    ruled(house.dev, FIRST + timedelta(days=5.5), FIRST + timedelta(days=14), high=(2, None))

    trend = trend_of(house.admin, TrendQuery(days=DAYS, until=until))

    ends = [
        datetime.combine(day.day, time.min, tzinfo=UTC) + timedelta(days=1) for day in trend.days
    ]
    ends[-1] = until
    expected = [
        sum(is_overdue(moves[each.pk], dates.get(each.pk, []), end) for each in found)
        for end in ends
    ]
    assert len(set(expected)) > 2
    assert [day.overdue for day in trend.days] == expected


def test_the_last_day_agrees_with_what_is_overdue_now(house: House, failing: list[Finding]) -> None:
    later = timezone.now() + timedelta(days=30, seconds=5)

    def at(moment: datetime) -> tuple[int, int]:
        days = trend_of(house.admin, TrendQuery(days=40, until=moment)).days
        return days[-2].overdue, days[-1].overdue

    assert at(later - timedelta(minutes=10)) == (0, 0)
    assert at(later) == (0, 2)
    assert at(later + timedelta(days=1)) == (2, 2)


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
    dated(failing[0], seed=3)

    with django_assert_max_num_queries(11):
        ask(house, days=3)
    with django_assert_max_num_queries(11):
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
